import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, inject, test } from "vitest";

import { isolab, type Finished } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";

let directory: string;
let recorded: string | undefined;

/** A recorded run, anew for each test: two sessions, each registers twice. */
beforeEach(async () => {
  directory = temporaryDirectory();
  if (recorded === undefined) {
    const args = ["run", "--mode", "interleaved", "--url", inject("postgresUrl"), "--seed", "1"];
    await isolab([...args, "--ops", "4", "--sessions", "2", "--out", "run"], directory);
    recorded = JSON.stringify(files.map((name) => read(name)));
    return;
  }
  mkdirSync(join(directory, "run"));
  for (const [i, text] of (JSON.parse(recorded) as string[]).entries()) write(files[i] ?? "", text);
});

const files = ["history.jsonl", "plan.json", "schedule.json", "verdict.json"];

function read(name: string): string {
  return readFileSync(join(directory, "run", name), "utf8");
}

function write(name: string, text: string): void {
  writeFileSync(join(directory, "run", name), text);
}

function replay(...args: readonly string[]): Promise<Finished> {
  return isolab(["replay", ...args, "--url", inject("postgresUrl")], directory);
}

describe("a run that was recorded", () => {
  test("is executed again, by its directory or its history, and leaves the same files", async () => {
    const { code, stdout } = await replay("run", "--json", "--out", "again");
    expect(JSON.parse(stdout)).toMatchObject({
      run: "again",
      seed: "1",
      workload: "register",
      identical: true,
    });
    expect(code).toBe(0);
    for (const name of ["history.jsonl", "plan.json", "verdict.json"])
      expect(readFileSync(join(directory, "again", name), "utf8")).toBe(read(name));
    expect((await replay("run/history.jsonl")).stdout).toContain("✓ identical, byte for byte");
  });

  test.each([
    [
      "another outcome",
      (text: string) => text.replace(/"rows":0/, '"rows":7'),
      /Step 0 ended with 0 rows read in session \d, and not with 7 rows/,
    ],
    [
      "a step less",
      (text: string) => text.split("\n").toSpliced(3, 1).join("\n"),
      /(At|Step|Before step|left the schedule that it repeats at step) ?\d*/,
    ],
  ])("with %s in its schedule: the first difference is named", async (_, edit, sentence) => {
    write("schedule.json", edit(read("schedule.json")));
    const { code, stdout } = await replay("run");
    expect(stdout).toContain("✗ not identical");
    expect(stdout).toMatch(sentence);
    expect(code).toBe(1);
  });

  test("with another history: the first line that differs is shown", async () => {
    const lines = read("history.jsonl").trimEnd().split("\n");
    write("history.jsonl", `${lines.slice(0, -1).join("\n")}\n`);
    const { code, stdout } = await replay("run", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      identical: false,
      firstDifference: { line: { line: lines.length, recorded: null, replayed: lines.at(-1) } },
    });
    expect(code).toBe(1);
  });
});

test("what cannot be replayed is told in one sentence", async () => {
  rmSync(join(directory, "run", "schedule.json"));
  const { code, stdout, stderr } = await replay("run");
  expect(stderr).toMatch(/^isolab: run\/schedule\.json is missing: .*\n$/);
  expect(stdout).toBe("");
  expect(code).toBe(254);
});

test("a free-running run is executed again from its plan, and the verdicts are compared", async () => {
  const args = ["run", "--url", inject("postgresUrl"), "--isolation", "serializable", "--seed", "1"];
  await isolab([...args, "--ops", "20", "--out", "free"], directory);
  const { code, stdout } = await replay("free", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ identical: null, valid: true });
  expect(code).toBe(0);
});

test("a run of another version is executed, with a warning", async () => {
  write("history.jsonl", read("history.jsonl").replace(/"version":"[^"]*"/, '"version":"11.1"'));
  const { code, stderr, stdout } = await replay("run");
  expect(stderr).toMatch(/recorded on postgres 11\.1, and this is postgres/);
  expect(stdout).toContain("identical");
  expect(code).toBe(0);
});
