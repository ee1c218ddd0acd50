import { styleText } from "node:util";
import { expect, test } from "vitest";

import type { Verdict } from "../../src/checkers/verdict.ts";
import { safeLevelsText } from "../../src/report/terminal/safe-levels.ts";
import { plain } from "../../src/report/terminal/style.ts";
import { table } from "../../src/report/terminal/table.ts";
import { verdictText } from "../../src/report/terminal/verdict.ts";

test("columns are as wide as their widest cell, and colours take no room", () => {
  const red = styleText("red", "b", { validateStream: false });
  expect(
    table([
      ["a", "bb"],
      [red, "c"],
      ["ccc", "d"],
    ]),
  ).toBe(`a    bb\n${red}    c\nccc  d`);
});

const counts = { ok: 2, fail: 1, info: 0, byF: { register: { ok: 2, fail: 1, info: 0 } } };
const valid: Verdict = {
  valid: true,
  model: "read-committed",
  anomalyTypes: [],
  observed: [],
  not: [],
  alsoNot: [],
  anomalies: {},
  notes: [],
  counts,
};

test("a verdict begins with the answer", () => {
  expect(verdictText(valid, plain)).toMatch(
    /^✓ valid: nothing that read-committed or the workload's invariants forbid was found/,
  );
  const unknown = { ...valid, valid: "unknown", because: "nothing was committed" } as const;
  expect(verdictText(unknown, plain)).toMatch(/^\? unknown: nothing was committed/);
});

test("forbidden anomalies come with their witness, allowed ones are told apart", () => {
  const witness = { cycle: [], steps: [], explanation: "version 3 was given out twice" };
  const text = verdictText(
    {
      ...valid,
      valid: false,
      anomalyTypes: ["duplicate-version"],
      observed: ["G2", "duplicate-version"],
      anomalies: { "duplicate-version": [witness] },
    },
    plain,
  );
  expect(text).toMatch(/^✗ invalid: duplicate-version/);
  expect(text).toContain("version 3 was given out twice");
  expect(text).toContain("Seen, and allowed by read-committed: G2");
});

test("a variant's levels are told apart by what was found there", () => {
  const cell = {
    database: "postgres",
    version: "18",
    workload: "w",
    variant: "v",
    observed: [],
    counts,
    declared: { unseen: [], forbidden: [] },
  };
  const cells = [
    { ...cell, isolation: "read-committed", valid: false },
    { ...cell, isolation: "repeatable-read", valid: "unknown" },
    { ...cell, isolation: "serializable", valid: true },
  ] as const;
  expect(safeLevelsText(cells, plain)).toBe(
    "w:v on postgres: broken at read-committed; nothing forbidden found at serializable; proved nothing at repeatable-read",
  );
});
