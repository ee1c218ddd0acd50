import { describe, expect, test } from "vitest";

import { measure, type Measurement } from "../../../src/campaign/bench/measure.ts";
import { plannedOutcomes } from "../../../src/campaign/bench/planned-outcomes.ts";
import { historyBuilder } from "../../../src/history/history-builder.ts";
import type { History } from "../../../src/history/history.ts";
import { retryOn } from "../../../src/workload/retry.ts";

const retry = retryOn("deadlock", "stale");

type Line = readonly [process: number | string, fromMs: number, toMs: number, outcome: string, code?: string];

/** A history of attempts one after another; the outcome is `ok`, `info`, or the cause of a failure. */
function historyOf(lines: readonly Line[]): History {
  const builder = historyBuilder(null);
  let index = 0;
  for (const [process, from, to, outcome, code] of lines) {
    const line = { process, f: "op", value: [] };
    builder.add({ ...line, index: index++, time: from * 1e6, type: "invoke" });
    const failed = outcome !== "ok" && outcome !== "info";
    builder.add({
      ...line,
      index: index++,
      time: to * 1e6,
      type: failed ? "fail" : outcome,
      ...(failed ? { error: { cause: outcome, ...(code === undefined ? {} : { code }) } } : {}),
    });
  }
  return builder.build();
}

function measured(lines: readonly Line[], changes: Partial<Measurement> = {}): ReturnType<typeof measure> {
  const outcomes = plannedOutcomes(historyOf(lines), 2, retry);
  const window = { from: 10e6, to: 110e6 };
  return measure({ outcomes, planned: [99, 99], retry, samples: null, window, ...changes });
}

describe("the attempts of a planned operation", () => {
  test("are those that follow a failure that is tried again, by the same session", () => {
    const outcomes = plannedOutcomes(
      historyOf([
        [0, 0, 1, "deadlock", "40P01"],
        [1, 1, 2, "ok"],
        [0, 3, 4, "ok"],
        [0, 5, 6, "duplicate-key", "23505"],
        [0, 7, 8, "ok"],
      ]),
      2,
      retry,
    );
    expect(outcomes.map(({ session, attempts }) => [session, attempts.map(({ type }) => type)])).toEqual([
      [1, ["ok"]],
      [0, ["fail", "ok"]],
      [0, ["fail"]],
      [0, ["ok"]],
    ]);
  });

  test("end with the last one that the policy allows", () => {
    const failures = Array.from({ length: 11 }, (_, i): Line => [0, 2 * i, 2 * i + 1, "deadlock"]);
    const outcomes = plannedOutcomes(historyOf(failures), 2, retry);
    expect(outcomes.map(({ attempts, cut }) => [attempts.length, cut])).toEqual([
      [10, false],
      [1, true],
    ]);
  });

  test("are found after a process was replaced; reads at rest and faults are none", () => {
    const outcomes = plannedOutcomes(
      historyOf([
        [0, 0, 1, "info"],
        [2, 2, 3, "deadlock"],
        ["nemesis", 3, 4, "info"],
        [2, 4, 5, "ok"],
        [4, 6, 7, "ok"],
      ]),
      2,
      retry,
    );
    expect(outcomes.map(({ session, attempts }) => [session, attempts.length])).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });
});

describe("what is measured", () => {
  test("latency goes from the first attempt to the commit, and the attempt's own is told apart", () => {
    const figures = measured([
      [0, 20, 25, "deadlock", "40P01"],
      [0, 30, 34, "ok"],
    ]);
    expect(figures).toMatchObject({ committed: 1, throughput: 10, retries: 1, attempts: 2, lost: 0 });
    expect(figures?.aborts).toEqual({ deadlock: 1 });
    expect(figures?.latencyMs?.p50).toBe(14);
    expect(figures?.attemptMs?.p50).toBe(4);
  });

  test("only what ended after the warm-up and in time counts", () => {
    const figures = measured([
      [0, 0, 9, "ok"],
      [0, 9, 12, "ok"],
      [0, 100, 110, "ok"],
      [0, 110, 111, "ok"],
    ]);
    expect(figures?.committed).toBe(2);
  });

  test("an operation is lost when it was given up; what the application declined is not", () => {
    const figures = measured([
      [0, 20, 21, "duplicate-key", "23505"],
      [0, 22, 23, "insufficient-funds"],
      [1, 24, 25, "lock-timeout"],
      [1, 26, 27, "info"],
      [3, 28, 29, "stale"],
    ]);
    expect(figures).toMatchObject({ committed: 0, lost: 2, refused: 1, unknown: 1, latencyMs: null });
  });

  test("the time ends when the first session has done all it was to do", () => {
    const lines: readonly Line[] = [
      [0, 20, 30, "ok"],
      [1, 20, 25, "ok"],
      [1, 30, 60, "ok"],
    ];
    expect(measured(lines, { planned: [1, 9] })).toMatchObject({ seconds: 0.02, committed: 2 });
    expect(measured([[0, 1, 9, "ok"]], { planned: [1, 9] })).toBeNull();
  });

  test("waiting is the share of sessions that waited at the moments that were looked at", () => {
    const samples = [
      { atNanos: 5e6, waiting: 2 },
      { atNanos: 20e6, waiting: 1 },
      { atNanos: 40e6, waiting: 2 },
    ];
    expect(measured([[0, 20, 30, "ok"]], { samples })?.lockWaits).toBe(0.75);
    expect(measured([[0, 20, 30, "ok"]], { samples: [] })?.lockWaits).toBeNull();
  });
});
