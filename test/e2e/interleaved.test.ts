import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";

import { isolab } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";

describe.each(["postgres", "mariadb"])("isolab run --mode interleaved --db %s", (db) => {
  test.each([
    ["random", []],
    ["pct", ["--nemesis", "kill-connection,cancel-statement,lock-timeout", "--fault-rate", "0.2"]],
  ])("%s %j: the same bytes again", async (strategy, more) => {
    const directory = temporaryDirectory();
    const what = ["--workload", "register:for-update", "--strategy", strategy, ...more];
    const args = ["run", "--mode", "interleaved", "--db", db, "--seed", "3", "--ops", "12", "--repeat", "3"];
    const { code, stdout, stderr } = await isolab([...args, ...what, "--json", "--out", "run"], directory);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({
      repeated: 3,
      repeatedIdentical: 3,
      identical: true,
      racySteps: 0,
      valid: true,
    });
    const schedule = readFileSync(join(directory, "run", "schedule.json"), "utf8");
    expect(schedule.includes('"kind":"fault"')).toBe(more.length > 0);
    expect(code).toBe(0);
  });
});

test.each([
  [["--repeat", "2"], /--repeat compares interleaved runs: add --mode interleaved/],
  [["--strategy", "pct"], /--strategy is about interleaved runs: add --mode interleaved/],
  [["--no-prune"], /--no-prune is about interleaved runs/],
  [["--mode", "interleaved", "--repeat", "0"], /--repeat must be a whole number from 1/],
  [["--mode", "interleaved", "--depth", "2"], /--depth is about --strategy pct/],
  [["--mode", "interleaved", "--time-limit", "1s"], /--time-limit is about time/],
  [["--mode", "sequential"], /mode.*stress.*interleaved/],
])("isolab run %j is refused", async (args, sentence) => {
  const { code, stdout, stderr } = await isolab(["run", "--url", inject("postgresUrl"), ...args]);
  expect(stderr).toMatch(sentence);
  expect(stdout).toBe("");
  expect(code).toBe(254);
});
