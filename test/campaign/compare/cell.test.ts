import { expect, test } from "vitest";

import { cellOf } from "../../../src/campaign/compare/cell.ts";
import { safeLevels } from "../../../src/campaign/compare/safe-levels.ts";
import { isolationLevels, type IsolationLevel } from "../../../src/history/header.ts";
import writeSkew from "../../../workloads/write-skew.ts";
import type { Verdict } from "../../../src/checkers/verdict.ts";
import { runConfig } from "../../support/runs.ts";
import { outcomeOf, verdictOf } from "./fixtures.ts";

const name = { name: "cell", server: 1, source: "write-skew" };

function cellAt(isolation: IsolationLevel, verdict: Verdict, variant = "naive") {
  return cellOf(name, runConfig(writeSkew, variant, isolation), outcomeOf("runs/cell", verdict));
}

test("figures say how many cases are known, in how many operations, and how early", () => {
  const [witness] = verdictOf({ G2: [9, 4] }).anomalies.G2 ?? [];
  const [other] = verdictOf({ G2: [4, 12] }).anomalies.G2 ?? [];
  const bare = { cycle: [], steps: [], explanation: "" };
  if (witness === undefined || other === undefined) throw new Error("no witness");
  const verdict: Verdict = {
    ...verdictOf({}),
    observed: ["G-single", "G2", "counted"],
    anomalies: { G2: [witness, other, witness], "G-single": [other], counted: [bare] },
  };
  expect(cellAt("serializable", verdict).figures).toEqual({
    G2: { cases: 3, more: true, operations: 3, first: 4 },
    "G-single": { cases: 1, more: false, operations: 2, first: 4 },
    counted: { cases: 1, more: false, operations: 0, first: null },
  });
});

test("figures are the verdict's counts, where it has them", () => {
  const cases = { G2: { count: 412, more: true, operations: 97, firstOperation: 5 } };
  expect(cellAt("serializable", verdictOf({ G2: [9, 4] }, { cases })).figures).toEqual({
    G2: { cases: 412, more: true, operations: 97, first: 5 },
  });
});

test("forbidden is what the model, an invariant or the variant forbids", () => {
  const seen = verdictOf({ "G-single": [1], lost: [2] }, { valid: false, anomalyTypes: ["lost"] });
  expect(cellAt("read-committed", seen).forbidden).toEqual(["lost"]);
  const { never = [] } = writeSkew.variants.naive?.expect.find((rule) => (rule.never?.length ?? 0) > 0) ?? {};
  expect(never.length).toBeGreaterThan(0);
  const [banned = ""] = never;
  expect(cellAt("serializable", verdictOf({ [banned]: [1] })).forbidden).toContain(banned);
});

test("allowed and not seen: what the workload is known for and its level does not forbid", () => {
  const snapshot = { model: "snapshot-isolation" };
  expect(cellAt("repeatable-read", verdictOf({}, snapshot)).allowedUnseen).toContain("G2-item");
  expect(cellAt("repeatable-read", verdictOf({ "G2-item": [1] }, snapshot)).allowedUnseen).not.toContain(
    "G2-item",
  );
  expect(cellAt("serializable", verdictOf({}, { model: "serializable" })).allowedUnseen).toEqual([]);
});

test.each([
  ["all are clean", "cccc", "read-uncommitted"],
  ["two are broken", "bbcc", "repeatable-read"],
  ["a stronger one is broken", "ccbc", "serializable"],
  ["the strongest is broken", "cccb", null],
  ["the strongest proved nothing", "cccu", null],
  ["one in between proved nothing", "cuc", "repeatable-read"],
  ["all proved nothing", "uuuu", null],
])("the lowest safe level when %s (%s)", (_, standings, expected) => {
  const cells = Array.from(standings).map((standing, number) =>
    cellAt(
      isolationLevels[number] ?? "serializable",
      standing === "b"
        ? verdictOf({ "nobody-on-call": [1] }, { valid: false, anomalyTypes: ["nobody-on-call"] })
        : verdictOf({}, { valid: standing === "c" ? true : "unknown" }),
    ),
  );
  const [level, ...others] = safeLevels(cells.toReversed());
  expect(others).toEqual([]);
  expect(level?.safeFrom).toBe(expected);
  const count = (letter: string): number => Array.from(standings).filter((one) => one === letter).length;
  expect(level).toMatchObject({ server: 1, database: "postgres", version: "18.4", variant: "naive" });
  expect([level?.broken.length, level?.clean.length, level?.unproven.length]).toEqual([
    count("b"),
    count("c"),
    count("u"),
  ]);
});

test("levels at which only what is allowed was seen are clean, and told", () => {
  const cells = [cellAt("read-committed", verdictOf({ G2: [1] })), cellAt("serializable", verdictOf({}))];
  expect(safeLevels(cells)).toMatchObject([
    {
      safeFrom: "read-committed",
      clean: ["read-committed", "serializable"],
      allowed: ["read-committed"],
    },
  ]);
});

test("servers of the same version are told apart", () => {
  const cell = cellAt("serializable", verdictOf({}));
  expect(safeLevels([cell, { ...cell, server: 2 }])).toHaveLength(2);
});
