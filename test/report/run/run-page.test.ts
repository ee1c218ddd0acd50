import { describe, expect, test } from "vitest";

import type { Operation } from "../../../src/history/operation.ts";
import type { Verdict } from "../../../src/checkers/verdict.ts";
import { runPage } from "../../../src/report/run/run-page.ts";
import type { SvgRenderer } from "../../../src/report/witness/svg-renderer.ts";
import { header, interleavedRun, lostUpdate, runOf, Script } from "./runs.ts";

/** What the page says is asked here; what it looks like is asked of a browser. */
const undrawn: SvgRenderer = {
  draw: () => Promise.resolve({ reason: "this test draws nothing" }),
  close: () => Promise.resolve(),
};

function textOf(page: string): string {
  return page
    .slice(page.indexOf("<main>"), page.indexOf("</main>"))
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&quot;", '"')
    .replaceAll(/\s+/g, " ");
}

describe("a run with a lost update", () => {
  const run = runOf(lostUpdate().history());

  test("says the verdict, what was run, and how to repeat it", async () => {
    const text = textOf(await runPage(run, undrawn));
    expect(text).toContain("append:plain at repeatable-read");
    expect(text).toContain("PostgreSQL 18.4 at REPEATABLE READ, all sessions at once, seed 7");
    expect(text).toContain("✗ Invalid");
    expect(text).toContain("60 planned; 27 attempts");
    expect(text).toContain("keys=3");
    expect(text).toContain("fsync=off");
    expect(text).toContain("npx isolab replay runs/1");
    expect(text).toContain("npx isolab check runs/1/history.jsonl");
  });

  test("says the command that makes the same run from its seed, quoted for a shell", async () => {
    expect(textOf(await runPage(run, undrawn))).not.toContain("from its seed");
    const command = ["run", "--workload", "append", "--set", "a=b; rm -rf /", "--url", "URL", "--seed", "7"];
    expect(textOf(await runPage({ ...run, command }, undrawn))).toContain(
      "The same from its seed npx isolab run --workload append --set 'a=b; rm -rf /' --url URL --seed 7 ",
    );
  });

  test("says of each anomaly whether it is forbidden, what it means and which operations prove it", async () => {
    const page = await runPage(run, undrawn);
    const text = textOf(page);
    expect(run.verdict.anomalyTypes).toContain("lost-update");
    for (const name of run.verdict.observed) expect(text).toContain(`npx isolab explain ${name}`);
    expect(text).toContain("lost-update forbidden");
    expect(page).toContain('data-show="2 3"');
    expect(text).toContain("No picture: this test draws nothing");
  });

  test("plots aborts by cause and attempts per success, without the reads at rest", async () => {
    const page = await runPage(run, undrawn);
    const plots = textOf(page).split(" Plots ")[1] ?? "";
    expect(plots).toMatch(/deadlock 1 .*connection-lost 1 /);
    expect(plots).toContain("txn 1.08");
    expect(plots).not.toContain("read-at-rest");
    expect(page).toContain("<title>pause-server: paused</title>");
  });
});

test("an interleaved run has its reproduction in columns, and no plots over time", async () => {
  const page = await runPage(interleavedRun("duplicate-version-postgres-repeatable-read"), undrawn);
  const text = textOf(page);
  expect(text).toContain("one statement at a time");
  expect(text).toContain("npx isolab replay runs/2/shrunk");
  expect(page.match(/<td data-session="A">/g)).toHaveLength(4);
  expect(page.match(/<td data-session="B">/g)).toHaveLength(4);
  expect(text).toContain("DROP SCHEMA isolab_repro CASCADE;");
  expect(text).not.toContain("Throughput");
});

test("a run that proves nothing says why, and one without a verdict that it was judged for the page", async () => {
  const history = new Script().line(0, 0, "invoke", "txn", [["r", "x", null]]).history();
  const run = runOf(history, { judgedAnew: true });
  const text = textOf(await runPage(run, undrawn));
  expect(text).toContain("? Unknown");
  expect(text).toContain(run.verdict.because?.slice(1) ?? "-");
  expect(text).not.toContain("..");
  expect(text).toContain("the history was judged for this page");
});

test("a history of somebody else's, without header, plan and times, has a page", async () => {
  const history = new Script(null)
    .line(0, 0, "invoke", "txn", [["append", "x", 1]])
    .line(0, 0, "ok", "txn", [["append", "x", 1]])
    .history();
  const page = await runPage(runOf(history, { sessions: undefined, hasPlan: false }), undrawn);
  expect(textOf(page)).toContain("nothing says what was run");
  expect(textOf(page)).not.toContain("isolab replay");
});

test("what was left out is said: witnesses beyond three, edges beyond sixty, operations that are not drawn", async () => {
  const cycle = Array.from({ length: 70 }, (_, i): Operation => ({
    index: i,
    time: i,
    process: i,
    type: "ok",
    f: "txn",
    value: [["append", "x", i]],
  }));
  const steps = cycle.map(() => ({ type: "ww" as const, key: "x", value: 1, explanation: "it came later" }));
  const witness = { cycle, steps, explanation: "a large circle" };
  const base = runOf(lostUpdate().history());
  const verdict: Verdict = {
    ...base.verdict,
    anomalyTypes: ["G0"],
    observed: ["G0"],
    anomalies: { G0: [witness, witness, witness] },
  };
  const text = textOf(await runPage({ ...base, verdict }, undrawn));
  expect(text).toContain("3 cases are shown, the shortest first");
  const cases = { G0: { count: 412, more: true, operations: 900, firstOperation: 0 } };
  const counted = textOf(await runPage({ ...base, verdict: { ...verdict, cases } }, undrawn));
  expect(counted).toContain("3 of 412 or more cases are shown, the shortest first");
  expect(text).toContain("No picture: it has 70 transactions, and at most 24 are drawn");
  expect(text).toContain("and 10 more in verdict.json");
});

test("100,000 operations stay under 5 MB, with every operation of an anomaly", async () => {
  const script = new Script({ ...header, params: { sessions: 3, operations: 100_000 } });
  for (let i = 0; i < 100_000; i++)
    script.done(i, 0.5, i % 3, "ok", [
      ["append", `a-rather-long-key-of-${Math.floor(i / 5)}`, i],
      ["r", i % 100, null],
    ]);
  const history = script.history();
  const base = runOf(lostUpdate().history());
  const far: Operation = { index: 150_001, time: 0, process: 0, type: "ok", f: "txn", value: null };
  const verdict: Verdict = {
    ...base.verdict,
    anomalies: { "lost-update": [{ cycle: [far], steps: [], explanation: "one" }] },
  };
  const page = await runPage(runOf(history, { verdict }), undrawn);
  expect(page.length).toBeLessThan(5_000_000);
  expect(textOf(page)).toMatch(/[\d,]+ of 100,000 operations are drawn/);
  const data = /<script type="application\/json" id="timeline-data">(.*?)<\/script>/s.exec(page)?.[1] ?? "{}";
  const { marked, begin } = JSON.parse(data) as { marked: number[]; begin: number[] };
  expect(marked).toHaveLength(1);
  expect(begin.length).toBeGreaterThan(20_000);
}, 120_000);
