import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { keptRuns } from "../../../src/campaign/soak/kept-runs.ts";
import { temporaryDirectory } from "../../support/runs.ts";

function run(parent: string, name: string, bytes: number): string {
  const directory = join(parent, name);
  mkdirSync(join(directory, "inner"), { recursive: true });
  writeFileSync(join(directory, "inner", "history.jsonl"), "x".repeat(bytes));
  return directory;
}

test("older runs go when there is no room, those that failed last", () => {
  const parent = temporaryDirectory();
  const kept = keptRuns(100);
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => run(parent, name, 40)) as [
    string,
    string,
    string,
    string,
  ];
  kept.keep(a, true);
  kept.keep(b, false);
  expect([kept.count, kept.bytes]).toEqual([2, 80]);
  kept.keep(c, false);
  expect([a, b, c].map((one) => existsSync(one))).toEqual([true, false, true]);
  kept.keep(d, true);
  expect([a, c, d].map((one) => existsSync(one))).toEqual([true, false, true]);
  for (const name of ["e", "f", "g", "h"]) kept.keep(run(parent, name, 40), true);
  expect(kept.bytes).toBeLessThanOrEqual(200);
  expect(existsSync(a)).toBe(false);
  expect(existsSync(join(parent, "h"))).toBe(true);
});

test("one run that is larger than all that may be kept stays only if it failed", () => {
  const parent = temporaryDirectory();
  const kept = keptRuns(100);
  kept.keep(run(parent, "large", 150), false);
  expect(kept.count).toBe(0);
  kept.keep(run(parent, "failed", 500), true);
  expect(kept.count).toBe(1);
});
