import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";

import type { Cell } from "../../src/campaign/compare/cell.ts";
import { interruptedIsolab, isolab } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";

interface Result {
  readonly run: string;
  readonly seed: string;
  readonly cells: readonly Cell[];
  readonly complete: boolean;
  readonly missing: number;
  readonly safe: readonly { readonly safeFrom: string | null; readonly database: string }[];
}

function resultOf(stdout: string): Result {
  return JSON.parse(stdout) as Result;
}

const at = ["--url", inject("postgresUrl"), "--url", inject("mariadbUrl")];

test("four shards on two servers at once, merged, are what one comparison is", async () => {
  const directory = temporaryDirectory();
  // One session leaves nothing to luck.
  const asked = ["--workload", "register:naive,append", "--sessions", "1", "--ops", "10", "--seed", "1"];
  const whole = await isolab(
    ["compare", ...at, ...asked, "--json", "--out", "whole", "--markdown", "whole.md"],
    directory,
  );
  const { cells } = resultOf(whole.stdout);
  expect(new Set(cells.map(({ database }) => database))).toEqual(new Set(["postgres", "mariadb"]));
  expect(cells.length % 8).toBe(0);
  expect(cells.map(({ server }) => server)).toEqual(cells.map(({ server }) => server).toSorted());

  const names: string[] = [];
  for (const shard of ["1/4", "2/4", "3/4", "4/4"]) {
    const out = `shard-${shard[0] ?? ""}`;
    const { stdout, stderr } = await isolab(
      ["compare", ...at, ...asked, "--json", "--shard", shard, "--out", out],
      directory,
    );
    expect(stderr).toBe("");
    names.push(...resultOf(stdout).cells.map(({ name }) => name));
  }
  expect(names.toSorted()).toEqual(cells.map(({ name }) => name).toSorted());

  const shards = ["shard-3", "shard-1", "shard-4", "shard-2"];
  const merged = await isolab(
    ["merge", ...shards, "--json", "--out", "merged", "--markdown", "merged.md"],
    directory,
  );
  expect(merged.stderr).toBe("");
  expect(merged.code).toBe(whole.code);
  expect(merged.stdout.replaceAll('"merged', '"whole')).toBe(whole.stdout);
  for (const [one, other] of [
    ["whole.md", "merged.md"],
    ["whole/compare.html", "merged/compare.html"],
  ] as const)
    expect(readFileSync(join(directory, other), "utf8")).toBe(readFileSync(join(directory, one), "utf8"));
  expect(readdirSync(join(directory, "merged")).sort()).toEqual(readdirSync(join(directory, "whole")).sort());
  expect(readFileSync(join(directory, "merged/compare.json"), "utf8").replace("merged.md", "whole.md")).toBe(
    readFileSync(join(directory, "whole/compare.json"), "utf8"),
  );

  // The same for people, and the page leads to every run.
  const text = await isolab(["merge", ...shards, "--out", "again"], directory);
  expect(text.stdout).toMatch(/register:naive on postgres \S+: safe from read-uncommitted/);
  expect(text.stdout).toMatch(/register:naive on mariadb \S+: safe from read-uncommitted/);
  const page = readFileSync(join(directory, "again/compare.html"), "utf8");
  for (const [, href = ""] of page.matchAll(/href="(\.[^"]*)"/g))
    expect(existsSync(join(directory, "again", decodeURIComponent(href)))).toBe(true);
  expect(page).toMatch(/href="\.\/[^"]*\/report\.html"/);

  // Each cell says how it is run alone.
  const [cell = ""] = names.filter((name) => name.startsWith("1-") && name.includes("append"));
  const command = readFileSync(join(directory, "merged", cell, "command.json"), "utf8");
  expect(command).not.toContain(new URL(inject("postgresUrl")).host);
  const { arguments: args } = JSON.parse(command) as { arguments: string[] };
  const alone = args.map((arg) => (arg === "URL" ? inject("postgresUrl") : arg));
  expect((await isolab([...alone, "--no-report", "--out", "alone"], directory)).stderr).toBe("");
  expect(readFileSync(join(directory, "alone/plan.json"), "utf8")).toBe(
    readFileSync(join(directory, "whole", cell, "plan.json"), "utf8"),
  );

  const missing = await isolab(["merge", "shard-1", "shard-2", "shard-4"], directory);
  expect(missing.stderr).toMatch(/^isolab: these shards make no whole: \d cells missing \(.*\)\n$/);
  expect(missing.stdout).toBe("");
  expect(missing.code).toBe(254);
});

test("what was interrupted goes on without repeating what is finished", async () => {
  const out = join(temporaryDirectory(), "compare");
  const cell = (level: string): string => join(out, `1-url-register-naive-${level}`);
  const begun = ["read-uncommitted", "read-committed", "repeatable-read", "serializable"];
  const url = inject("postgresUrl");
  const flags = ["--workload", "register:naive", "--ops", "1500", "--jobs", "1", "--set", "work_mem=8MB"];
  const { code, stdout, stderr } = await interruptedIsolab(
    ["compare", "--url", url, ...flags, "--out", out, "--json"],
    () => existsSync(join(cell("read-committed"), "history.jsonl")),
  );
  expect(stderr).toMatch(/stopping/);
  expect(code).toBe(130);
  const { seed, cells, complete, missing } = resultOf(stdout);
  expect(complete).toBe(false);
  expect(cells.length + missing).toBe(4);
  expect(cells.map(({ isolation }) => isolation)).toEqual(begun.slice(0, cells.length));
  expect(cells.length).toBeGreaterThan(0);
  expect(cells.length).toBeLessThan(4);
  const asked = readFileSync(join(out, "compare.json"), "utf8");
  expect(asked).not.toContain(new URL(url).host);
  expect(asked).toContain(seed);
  writeFileSync(join(out, "kept.txt"), "mine");

  const before = statSync(join(cell("read-uncommitted"), "history.jsonl")).mtimeMs;
  const refused = await isolab(["compare", "--resume", out]);
  expect(refused.stderr).toMatch(/give --url again, once/);
  expect(refused.code).toBe(254);

  const resumed = await isolab(["compare", "--resume", out, "--url", url, "--json", "--jobs", "2"]);
  expect(resumed.stderr).toBe("");
  expect(resumed.code).toBe(0);
  const all = resultOf(resumed.stdout);
  expect(all).toMatchObject({ run: out, seed, complete: true, missing: 0 });
  expect(all.cells.map(({ isolation }) => isolation)).toEqual(begun);
  expect(all.cells.slice(0, cells.length)).toEqual(cells);
  expect(statSync(join(cell("read-uncommitted"), "history.jsonl")).mtimeMs).toBe(before);
  expect(all.cells.map(({ counts }) => counts.byF.register?.ok)).not.toContain(0);
  for (const level of begun)
    expect(readFileSync(join(cell(level), "history.jsonl"), "utf8")).toContain('"work_mem":"8MB"');
  expect(readFileSync(join(out, "kept.txt"), "utf8")).toBe("mine");
  expect(readFileSync(join(out, "compare.json"), "utf8")).toBe(asked);

  // Nothing is left to do, and no server is needed to say so again.
  rmSync(join(out, "compare.html"));
  const again = await isolab(["compare", "--resume", out, "--url", "postgres://127.0.0.1:1/x", "--json"]);
  expect(again.stdout).toBe(resumed.stdout);
  expect(existsSync(join(out, "compare.html"))).toBe(true);
});

test("two servers of the same version are told apart", async () => {
  const out = join(temporaryDirectory(), "compare");
  const url = inject("postgresUrl");
  const { stdout, code } = await isolab([
    ...["compare", "--url", url, "--url", url, "--workload", "register:unique", "--ops", "20"],
    ...["--isolation", "serializable", "--out", out],
  ]);
  expect(stdout).toMatch(/register:unique on postgres \S+ #1: safe from serializable/);
  expect(stdout).toMatch(/register:unique on postgres \S+ #2: safe from serializable/);
  expect([0, 2]).toContain(code);
});

test("a shard that is left over has no cells, needs no server, and merges", async () => {
  const directory = temporaryDirectory();
  const asked = ["--workload", "register:unique", "--isolation", "serializable", "--seed", "1", "--ops", "5"];
  const of = (url: string, shard: string, out: string) =>
    isolab(["compare", "--url", url, ...asked, "--shard", shard, "--out", out, "--json"], directory);
  const empty = await of("postgres://127.0.0.1:1/x", "2/2", "two");
  expect(resultOf(empty.stdout)).toMatchObject({ cells: [], complete: true });
  expect(empty.code).toBe(0);
  await of(inject("postgresUrl"), "1/2", "one");
  const merged = await isolab(["merge", "two", "one", "--json"], directory);
  expect(resultOf(merged.stdout).cells).toHaveLength(1);
  expect(existsSync(join(directory, "runs/latest/compare.html"))).toBe(true);
});

describe("the classic table", () => {
  test("is printed, and written as Markdown", async () => {
    const file = join(temporaryDirectory(), "hermitage.md");
    const levels = "read-committed,serializable";
    const { stdout, code } = await isolab([
      ...["compare", "--hermitage", "--url", inject("mariadbUrl"), "--isolation", levels, "--markdown", file],
    ]);
    expect(stdout).toMatch(/^Hermitage on mariadb 10\./);
    expect(stdout).toMatch(/^read-committed {2}✓ +✓ +✓ +✓ +✓ +– +– +– +– +–$/m);
    expect(stdout).toContain("The same as published by Hermitage.");
    expect(readFileSync(file, "utf8")).toContain("| serializable | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ |");
    expect(code).toBe(0);
  });

  test("says where it is other than published, and is data on demand", async () => {
    const args = ["compare", "--hermitage", "--url", inject("mariadbUrl"), "--isolation", "repeatable-read"];
    const on = ["--set", "innodb_snapshot_isolation=ON"];
    const { stdout } = await isolab([...args, ...on]);
    expect(stdout).toContain("P4 at repeatable-read: prevented; published: it occurs");
    expect(stdout).toContain("innodb_snapshot_isolation is on here");
    const { reports, complete } = JSON.parse((await isolab([...args, "--json"])).stdout) as {
      complete: boolean;
      reports: { fields: { phenomenon: string; found: string; schedules: { steps: unknown[] }[] }[] }[];
    };
    expect(complete).toBe(true);
    const [report] = reports;
    expect(report?.fields.find(({ phenomenon }) => phenomenon === "PMP")?.found).toBe("read-only");
    expect(report?.fields[0]?.schedules[0]?.steps).toHaveLength(8);
  });
});

test.each([
  [["--shard", "1/2"], /--shard needs --seed/],
  [["--shard", "3/2", "--seed", "1"], /--shard must be I\/N/],
  [["--shard", "0/2", "--seed", "1"], /--shard must be I\/N/],
  [["--shard", "half", "--seed", "1"], /--shard must be I\/N/],
  [["--jobs", "0"], /--jobs must be a whole number from 1/],
  [["--jobs", "2", "--jobs", "3"], /--jobs was given more than once/],
  [["--resume", "nowhere"], /nowhere holds no comparison/],
  [["--resume", "nowhere", "--seed", "1"], /leave out --seed: what --resume goes on with was asked then/],
  [["--resume", "nowhere", "--ops=7"], /leave out --ops/],
  [["--hermitage", "--workload", "append"], /leave out --workload: --hermitage has schedules of its own/],
  [["--hermitage", "--resume", "nowhere"], /leave out --resume/],
  [["--hermitage", "--isolation", "none"], /--isolation must be one of/],
  [["--markdown", "no/such/file.md"], /--markdown names a file in a directory that does not exist/],
  [["--url", "postgres://x/y", "--url", "http://x"], /--url must look like/],
  [["--url", "postgres://x/y", "--db", "postgres"], /mutually exclusive/],
  [["--workload", "register:serializable-retry", "--isolation", "read-committed"], /none of these variants/],
])("isolab compare %j is refused with one sentence and 254", async (args, sentence) => {
  const { code, stdout, stderr } = await isolab(["compare", ...args]);
  expect(stderr).toMatch(sentence);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stdout).toBe("");
  expect(code).toBe(254);
});
