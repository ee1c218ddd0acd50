import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, inject, test } from "vitest";

import { isolab } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";

const example = resolve(import.meta.dirname, "../../docs/examples/coupons.ts");

/** A directory with the example in it, and a recorded run that shows its race. */
async function recorded(): Promise<string> {
  const directory = temporaryDirectory();
  copyFileSync(example, join(directory, "mine.ts"));
  const args = ["run", "--workload", "./mine.ts", "--url", inject("postgresUrl"), "--mode", "interleaved"];
  const { code } = await isolab([...args, "--seed", "1", "--out", "run"], directory);
  expect(code).toBe(1);
  return directory;
}

test("a saved history of a workload file is judged by its invariants where the file is named", async () => {
  const directory = await recorded();
  const judged = async (...args: readonly string[]): Promise<readonly [number | null, string]> => {
    const { code, stdout } = await isolab(["check", "run/history.jsonl", "--json", ...args], directory);
    const { valid, anomalyTypes, because } = JSON.parse(stdout) as Record<string, unknown>;
    return [code, JSON.stringify([valid, anomalyTypes, because ?? ""])];
  };

  const [unknown, why] = await judged();
  expect(unknown).toBe(2);
  expect(why).toMatch(/"over-redeemed\\" was not made.*\\"coupons\\".*--workload/);
  expect(await judged("--workload", "./mine.ts")).toEqual([1, '[false,["over-redeemed"],""]']);
});

test("a file of another workload is not taken for it", async () => {
  const directory = await recorded();
  const text = readFileSync(example, "utf8").replace('name: "coupons"', 'name: "others"');
  writeFileSync(join(directory, "others.ts"), text);
  const { code, stderr } = await isolab(
    ["check", "run/history.jsonl", "--workload", "./others.ts"],
    directory,
  );
  expect(stderr).toMatch(/the history is of workload "coupons", and \.\/others\.ts is "others"/);
  expect(code).toBe(254);
});

test("a search for an invariant by its name finds it, shrinks it and replays it", async () => {
  const directory = temporaryDirectory();
  copyFileSync(example, join(directory, "mine.ts"));
  const at = ["--workload", "./mine.ts", "--url", inject("postgresUrl")];
  const found = await isolab(
    [
      ...["explore", ...at, "--anomaly", "over-redeemed", "--ops", "4", "--sessions", "3"],
      ...["--seed", "6", "--json", "--out", "found"],
    ],
    directory,
  );
  expect(found.code).toBe(1);
  expect(JSON.parse(found.stdout)).toMatchObject({
    anomaly: "over-redeemed",
    shrunk: { transactions: 3 },
    anomalyTypes: ["over-redeemed"],
  });
  const replayed = await isolab(["replay", "found/shrunk/repro.json", ...at, "--json"], directory);
  expect(JSON.parse(replayed.stdout)).toMatchObject({ anomalyTypes: ["over-redeemed"] });
  expect(replayed.code).toBe(0);
});

test("what a comparison proposes to try next names the file", async () => {
  const directory = temporaryDirectory();
  copyFileSync(example, join(directory, "mine.ts"));
  const at = ["--workload", "./mine.ts:naive", "--isolation", "read-committed", "--ops", "60"];
  const { stdout } = await isolab(
    ["compare", ...at, "--url", inject("postgresUrl"), "--out", "run"],
    directory,
  );
  expect(stdout).toContain("isolab run --db postgres --workload ./mine.ts:naive --isolation read-committed ");
  const [, check = ""] = /npx isolab (check .*?) {2}/.exec(stdout) ?? [];
  const { code } = await isolab([...check.split(" "), "--json"], directory);
  // Without the file it would be 2, unknown.
  expect(code).toBe(1);
});
