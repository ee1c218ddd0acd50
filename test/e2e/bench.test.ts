import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";

import { interruptedIsolab, isolab } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";
import { serverUrls } from "../support/servers.ts";

const tiny = ["--time-limit", "300ms", "--warm-up", "50ms", "--seed", "1"];

interface Cell {
  readonly contention: string;
  readonly variant: string;
  readonly standing: { readonly kind: string };
  readonly lockWaits: { readonly median: number } | null;
  readonly rounds: readonly { readonly run: string }[];
}

interface Result {
  readonly cells: readonly Cell[];
  readonly recommendations: readonly Record<string, unknown>[];
}

describe.each(serverUrls())("isolab bench on $kind", ({ url, kind }) => {
  test("measures every variant, recommends none that is wrong, and keeps the runs", async () => {
    const out = join(temporaryDirectory(), "bench");
    const args = ["bench", "--url", url, "--workload", "rmw-counter:naive,rmw-counter:for-update"];
    const { code, stdout, stderr } = await isolab([
      ...[...args, ...tiny, "--isolation", "read-committed", "--rounds", "2"],
      ...["--json", "--out", out],
    ]);

    expect(stderr).toBe("");
    const result = JSON.parse(stdout) as Result;
    expect(Object.keys(result)).toEqual([
      ...["run", "seed", "workload", "complete", "budget", "recommendations", "cells"],
    ]);
    expect(result).toMatchObject({
      run: out,
      seed: "1",
      workload: "rmw-counter",
      complete: true,
      budget: { rounds: 2 },
    });
    expect(result.cells.map(({ contention, variant }) => `${contention} ${variant}`)).toEqual([
      ...["low naive", "low for-update", "high naive", "high for-update"],
    ]);
    for (const cell of result.cells) {
      expect(cell).toMatchObject({ database: kind, isolation: "read-committed", forbidden: [] });
      expect(cell.rounds).toHaveLength(2);
      expect(existsSync(join(cell.rounds[0]!.run, "history.jsonl"))).toBe(true);
    }
    // Also where it was too seldom to be seen: the variant declares it.
    const wrong = result.cells.filter(({ variant }) => variant === "naive");
    expect(wrong.map(({ standing }) => standing.kind)).toEqual(["wrong", "wrong"]);
    // One counter, and everybody locks it: somebody waits most of the time.
    expect(result.cells.at(-1)?.lockWaits?.median).toBeGreaterThan(0.1);
    expect(result.recommendations).toMatchObject([
      { contention: "low", kind: "only", variant: "for-update", isolation: "read-committed" },
      { contention: "high", kind: "only", variant: "for-update", isolation: "read-committed" },
    ]);
    expect(readFileSync(join(out, "bench.json"), "utf8")).toBe(stdout);
    expect(readFileSync(join(out, "bench.html"), "utf8")).toContain("</svg>");
    expect(code).toBe(0);

    const again = await isolab(["check", join(result.cells[2]!.rounds[0]!.run, "history.jsonl"), "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ anomalyTypes: ["lost-increment"] });
  });
});

test("prints tables, bars and what it recommends; a workload without contention runs at its defaults", async () => {
  const out = join(temporaryDirectory(), "bench");
  const args = ["bench", "--url", inject("postgresUrl"), "--workload", "append", "--rounds", "1"];
  const { code, stdout, stderr } = await isolab([...args, ...tiny, "--out", out]);
  expect(stderr).toBe("round 1 of 1 is measured, 2 runs\n");
  expect(stdout).toMatch(/at read-committed\n\ndefault parameters\n {2}variant +ratio +ok\/s/);
  expect(stdout).toMatch(/upsert +█+/);
  expect(stdout).toContain("append declares no low and high contention");
  expect(stdout).toMatch(/Recommended\n {2}postgres .*, read-committed, default parameters +\S/);
  expect(stdout).toContain(`Run directory: ${out}`);
  expect(code).toBe(0);
});

test("runs in which nothing was measured prove nothing", async () => {
  const out = join(temporaryDirectory(), "bench");
  const args = ["bench", "--url", inject("postgresUrl"), "--workload", "rmw-counter:atomic", "--rounds", "1"];
  const { code, stdout } = await isolab([
    ...[...args, "--contention", "high", "--isolation", "read-committed"],
    ...["--ops", "5", "--warm-up", "2s", "--json", "--out", out],
  ]);
  const { cells, recommendations } = JSON.parse(stdout) as Result;
  expect(cells).toMatchObject([{ standing: { kind: "unknown" }, throughput: null, ratio: null }]);
  expect(recommendations).toMatchObject([{ kind: "unknown" }]);
  expect(code).toBe(2);
});

test("what a variant declares never to show, and does, is exit 1", async () => {
  const directory = temporaryDirectory();
  const source = readFileSync("workloads/rmw-counter.ts", "utf8");
  writeFileSync(join(directory, "mine.ts"), source.replace("expect: losing", "expect: [{ never: lost }]"));
  const args = ["bench", "--url", inject("postgresUrl"), "--workload", "./mine.ts:naive", "--rounds", "1"];
  const { code, stdout } = await isolab(
    [...args, ...tiny, "--contention", "high", "--isolation", "read-committed", "--json", "--out", "bench"],
    directory,
  );
  expect(JSON.parse(stdout)).toMatchObject({ recommendations: [{ kind: "none" }] });
  expect(code).toBe(1);
});

test("Ctrl-C leaves what was measured until then, and says that it is not all", async () => {
  const out = join(temporaryDirectory(), "bench");
  const args = [
    "bench",
    "--url",
    inject("postgresUrl"),
    "--workload",
    "rmw-counter",
    ...tiny,
    "--rounds",
    "9",
  ];
  const measured = join(out, "1-url-read-committed-low-naive-1", "lock-waits.json");
  const { code, stdout, stderr } = await interruptedIsolab([...args, "--json", "--out", out], () =>
    existsSync(measured),
  );
  const result = JSON.parse(stdout) as Result & { readonly complete: boolean };
  expect(result.complete).toBe(false);
  expect(result.cells[0]).toMatchObject({ variant: "naive", rounds: [{}] });
  expect(readFileSync(join(out, "bench.json"), "utf8")).toBe(stdout);
  expect(readFileSync(join(out, "bench.html"), "utf8")).toMatch(/It broke off: 16\d of 162 runs are missing/);
  expect(stderr).toBe("\nisolab: stopping; press Ctrl-C again to stop at once\n");
  expect(code).toBe(130);

  const again = await isolab([...args, "--isolation", "serializable", "--out", out]);
  expect(again.stderr).toContain("holds a run already");
  expect(again.code).toBe(3);
});

test.each([
  [["--workload", "nothing"], 254, "there is no workload"],
  [["--workload", "register,append"], 254, "the variants of one workload"],
  [["--workload", "append", "--contention", "low"], 254, "declares no contention"],
  [["--contention", "some"], 254, "--contention must be low, high"],
  [["--workload", "register:serializable-retry", "--isolation", "read-committed"], 254, "makes sense at"],
  [["--rounds", "0"], 254, "--rounds must be"],
  [["--time-limit", "0s"], 254, "--time-limit must be longer"],
  [["--param", "models=0"], 254, "models must be a number"],
  [["--rate", "5"], 254, "rate"],
  [["--url", "postgres://127.0.0.1:1/x"], 3, "127.0.0.1:1"],
] as const)("isolab bench %j is refused with one sentence", async (args, exit, words) => {
  const directory = temporaryDirectory();
  const { code, stdout, stderr } = await isolab(["bench", ...args, "--out", "bench"], directory);
  expect(stdout).toBe("");
  expect(stderr).toContain(words);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(existsSync(join(directory, "bench"))).toBe(false);
  expect(code).toBe(exit);
});
