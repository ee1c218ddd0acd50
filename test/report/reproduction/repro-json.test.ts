import fc from "fast-check";
import { expect, test } from "vitest";

import {
  decodeReproJson,
  encodeReproJson,
  MalformedReproduction,
} from "../../../src/report/reproduction/repro-json.ts";
import { reproduction, usual } from "./arbitraries.ts";

const saved = { ...usual, anomalies: ["G2", "duplicate-version"] };

test("what is written is read, and written again the same", () => {
  fc.assert(
    fc.property(reproduction, fc.uniqueArray(fc.string({ minLength: 1 })), (value, names) => {
      const whole = { ...value, anomalies: [...names].sort() };
      const text = encodeReproJson(whole);
      expect(decodeReproJson(text)).toEqual(whole);
      expect(encodeReproJson(decodeReproJson(text))).toBe(text);
    }),
  );
});

test("the order of keys is ours", () => {
  const backwards = Object.fromEntries(Object.entries(saved).reverse()) as unknown as typeof saved;
  const parameters = { "versions-per-model": 24, models: 1 };
  expect(encodeReproJson({ ...backwards, parameters, anomalies: ["duplicate-version", "G2"] })).toBe(
    encodeReproJson(saved),
  );
  expect(Object.keys(JSON.parse(encodeReproJson(saved)) as object)).toEqual([
    "isolab-repro",
    "anomalies",
    "workload",
    "variant",
    "parameters",
    "isolation",
    "database",
    "seed",
    "plan",
    "moves",
  ]);
});

const [first] = usual.plan[0]!;

test.each([
  ["no object", null, /it has no "isolab-repro" field/],
  [
    "another version",
    { "isolab-repro": 2 },
    /its version is 2, and this isolab reads version 1; use the isolab/,
  ],
  ["anomalies", { anomalies: [1] }, /"anomalies"/],
  ["workload", { workload: "" }, /"workload"/],
  ["parameters", { parameters: [] }, /"parameters"/],
  ["isolation", { isolation: "chaos" }, /"isolation" is none of read-uncommitted,/],
  ["database", { database: { kind: "oracle" } }, /kind is none of postgres, mysql, mariadb/],
  ["settings", { database: { kind: "mysql", version: "8", settings: { a: 1 } } }, /settings/],
  ["seed", { seed: 1 }, /"seed"/],
  ["plan", { plan: [] }, /"plan"/],
  [
    "entry",
    { plan: [[{ ...first, session: 1 }]] },
    /entry 0 of session 0 says that it belongs to another session/,
  ],
  ["id", { plan: [[{ ...first, id: -1 }]] }, /the id of entry 0 of session 0/],
  ["args", { plan: [[{ ...first, args: 3 }]] }, /the arguments of entry 0/],
  ["move of nobody", { moves: [{ kind: "grant", session: 2 }] }, /move 0 is none/],
  ["overlap with itself", { moves: [{ kind: "overlap", sessions: [1, 1] }] }, /move 0 is none/],
  ["unknown move", { moves: [{ kind: "jump", session: 1 }] }, /move 0 is none/],
])("%s: a wrong one is told in one sentence", (_, change, message) => {
  const whole = change === null ? null : { ...(JSON.parse(encodeReproJson(saved)) as object), ...change };
  expect(() => decodeReproJson(JSON.stringify(whole))).toThrow(MalformedReproduction);
  expect(() => decodeReproJson(JSON.stringify(whole))).toThrow(message);
});

test("what is no JSON keeps its cause", () => {
  expect(() => decodeReproJson("{")).toThrow(
    expect.objectContaining({ cause: expect.any(SyntaxError) as unknown }),
  );
});
