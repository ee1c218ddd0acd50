import { describe, expect, test } from "vitest";

import { availability } from "../../../src/checkers/availability/availability.ts";
import { bucketSize } from "../../../src/checkers/availability/bucket-size.ts";
import { withAvailability } from "../../../src/checkers/availability/with-availability.ts";
import { check } from "../../../src/checkers/check.ts";
import type { Header } from "../../../src/history/header.ts";
import { historyBuilder } from "../../../src/history/history-builder.ts";
import type { History } from "../../../src/history/history.ts";
import type { Json, OperationType, Process } from "../../../src/history/operation.ts";
import { header } from "../support/notation.ts";

type Line = readonly [ms: number, process: Process, type: OperationType, f?: string, value?: Json];

function historyOf(lines: readonly Line[], head: Header | null = header()): History {
  const builder = historyBuilder(head);
  lines.forEach(([ms, process, type, f = "txn", value = null], index) => {
    builder.add({ index, time: ms * 1e6, process, type, f, value });
  });
  return builder.build();
}

/** Operations of one process: `[began, ended, type]`. */
const operations = (
  all: readonly (readonly [number, number, OperationType])[],
  process = 0,
): readonly Line[] =>
  all.flatMap(([began, ended, type]): Line[] => [
    [began, process, "invoke"],
    [ended, process, type],
  ]);

/** In the order of time, as they are recorded. */
const inOrder = (...groups: readonly (readonly Line[])[]): readonly Line[] =>
  groups.flat().sort(([one], [other]) => one - other);

test("only a free-running execution of ours has times to measure", () => {
  const lines = operations([[0, 1, "ok"]]);
  expect(availability(historyOf(lines))).toBeDefined();
  expect(availability(historyOf(lines, { ...header(), mode: "interleaved" }))).toBeUndefined();
  expect(availability(historyOf(lines, null))).toBeUndefined();
});

test("completions are counted where they fall, from the first invocation on", () => {
  const lines = inOrder(
    operations([
      [100, 101, "ok"],
      [101, 104, "ok"],
      [104, 111, "fail"],
      [125, 139, "info"],
    ]),
    [[150, 3, "invoke"]],
    [
      [200, 9, "invoke", "read-at-rest"],
      [900, 9, "ok", "read-at-rest"],
    ],
  );
  expect(availability(historyOf(lines), { bucketMs: 10 })).toEqual({
    fromMs: 100,
    bucketMs: 10,
    buckets: [
      { ok: 2, fail: 0, info: 0, latencyMs: { p50: 1, p95: 3, p99: 3, max: 3 } },
      { ok: 0, fail: 1, info: 0, latencyMs: null },
      { ok: 0, fail: 0, info: 0, latencyMs: null },
      { ok: 0, fail: 0, info: 1, latencyMs: null },
    ],
    faults: [],
  });
});

test("percentiles are by nearest rank", () => {
  const lines = Array.from({ length: 200 }, (_, number) =>
    operations([[0, (200 - number) / 10, "ok"]], number),
  );
  const { buckets } = availability(historyOf(inOrder(...lines)), { bucketMs: 1_000 })!;
  expect(buckets).toEqual([
    { ok: 200, fail: 0, info: 0, latencyMs: { p50: 10, p95: 19, p99: 19.8, max: 20 } },
  ]);
});

test("a completion without an invocation counts and has no latency", () => {
  const { buckets } = availability(historyOf([[5, 1, "ok"], ...operations([[6, 8, "ok"]])]), {
    bucketMs: 100,
  })!;
  expect(buckets).toEqual([{ ok: 2, fail: 0, info: 0, latencyMs: { p50: 2, p95: 2, p99: 2, max: 2 } }]);
});

test("a run in which nothing completed has no buckets", () => {
  expect(availability(historyOf([]))).toEqual({ fromMs: 0, bucketMs: 1, buckets: [], faults: [] });
  expect(availability(historyOf([[5, 1, "invoke"]]))?.buckets).toEqual([]);
});

describe("recovery", () => {
  const fault = (
    from: number,
    to: number | null,
    f = "kill-server",
    did: string | null = "killed",
  ): Line[] => [
    [from, "nemesis", "invoke", f],
    ...(to === null ? [] : [[to, "nemesis", "info", f, did] satisfies Line]),
  ];
  const faultsOf = (...groups: readonly (readonly Line[])[]) =>
    availability(historyOf(inOrder(...groups)))?.faults;

  test("is from the end of a fault to the first commit of an operation that began after the fault had", () => {
    const work = operations([
      [0, 25, "ok"],
      [30, 45, "fail"],
      [46, 50, "ok"],
      [51, 60, "ok"],
    ]);
    // What was under way when the fault began does not show that the server answers.
    expect(faultsOf(work, fault(10, 20))).toEqual([
      { f: "kill-server", did: "killed", fromMs: 10, toMs: 20, recoveryMs: 30 },
    ]);
  });

  test("is no time at all where somebody was served before it was over", () => {
    expect(faultsOf(operations([[12, 15, "ok"]]), fault(10, 20))).toMatchObject([{ recoveryMs: 0 }]);
  });

  test("is not known where nobody was served, or the fault never ended", () => {
    expect(
      faultsOf(
        operations([
          [0, 5, "ok"],
          [30, 40, "info"],
        ]),
        fault(10, 20),
      ),
    ).toMatchObject([{ recoveryMs: null }]);
    expect(faultsOf(operations([[12, 15, "ok"]]), fault(10, null))).toMatchObject([
      { did: null, toMs: null, recoveryMs: null },
    ]);
  });

  test("is each fault's own, also where nobody was served between two", () => {
    const work = operations([
      [0, 5, "ok"],
      [35, 60, "ok"],
      [60, 70, "ok"],
    ]);
    expect(
      faultsOf(work, fault(10, 20), fault(30, 31, "stop-server"), fault(40, 41, "pause-server")),
    ).toMatchObject([{ recoveryMs: 40 }, { recoveryMs: 29 }, { recoveryMs: 29 }]);
  });

  test("is told of no fault that hit nothing, and a read at rest is no recovery", () => {
    const work = operations([[30, 40, "ok"]]);
    expect(faultsOf(work, fault(10, 20, "kill", null), fault(21, 22, "kill", "failed"))).toMatchObject([
      { did: null, recoveryMs: null },
      { did: "failed", recoveryMs: null },
    ]);
    const rest: Line[] = [
      [30, 9, "invoke", "read-at-rest"],
      [40, 9, "ok", "read-at-rest"],
    ];
    expect(faultsOf(operations([[0, 5, "ok"]]), fault(10, 20), rest)).toMatchObject([{ recoveryMs: null }]);
  });
});

describe("the width of a bucket", () => {
  test.each([
    [0, 1],
    [15, 1],
    [40, 2],
    [999, 20],
    [8_000, 200],
    [19_999, 500],
    [20_000, 1_000],
    [599_999, 1_000],
    [600_000, 2_000],
    [3_600_000, 10_000],
    [18_000_000, 60_000],
    [36_000_000, 120_000],
  ])("of a run of %i ms is %i ms", (lengthMs, bucketMs) => {
    expect(bucketSize(lengthMs)).toBe(bucketMs);
    expect(Math.floor(lengthMs / bucketMs) + 1).toBeLessThanOrEqual(600);
  });

  test("is what was asked for, unless that makes too many", () => {
    expect(bucketSize(5_000, 250)).toBe(250);
    expect(bucketSize(5_000, 1)).toBe(1_000);
  });
});

test("a verdict holds it only where there is something to measure", () => {
  const lines = operations([[0, 1, "ok"]]);
  const free = historyOf(lines);
  expect(withAvailability(check(free), free)).toHaveProperty("availability.buckets");
  const stepped = historyOf(lines, { ...header(), mode: "interleaved" });
  expect(withAvailability(check(stepped), stepped)).not.toHaveProperty("availability");
});
