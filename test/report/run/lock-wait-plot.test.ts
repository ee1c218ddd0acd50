import { describe, expect, test } from "vitest";

import { lockWaitsBySession, lockWaitsOverTime } from "../../../src/report/run/lock-wait-plot.ts";
import type { Schedule } from "../../../src/scheduler/schedule.ts";
import { scheduleFormat } from "../../../src/scheduler/schedule.ts";

const shared = { fromMs: 0, bucketMs: 100, buckets: 3, bands: [] };

describe("lock waits over time", () => {
  test("are the share of sessions that waited, nothing where nobody was asked", () => {
    const samples = [
      { atNanos: 10e6, waiting: 1 },
      { atNanos: 20e6, waiting: 3 },
      { atNanos: 210e6, waiting: 0 },
      // Later than the last bucket: of no plot, and of the average.
      { atNanos: 990e6, waiting: 0 },
    ];
    const { plot, sentence } = lockWaitsOverTime({ samples }, 4, shared);
    expect(sentence).toContain("25.0 % of them on average");
    expect(plot).toContain("<svg");
    // Two points, a gap between them.
    expect(/class="curve waiting" d="([^"]*)"/.exec(plot)?.[1]?.match(/M/g)).toHaveLength(2);
  });

  test("say why they are not known", () => {
    const waits = { samples: null, because: "the server says permission-denied" } as const;
    expect(lockWaitsOverTime(waits, 4, shared)).toEqual({
      plot: "",
      sentence: "Not known: the server says permission-denied.",
    });
  });
});

describe("lock waits of an interleaved run", () => {
  const schedule = (blocked: readonly (readonly number[])[]): Schedule => ({
    isolab: scheduleFormat,
    seed: "1",
    strategy: "random",
    schedule: 0,
    steps: blocked.map((waiting) => ({
      move: { kind: "grant", session: 0 },
      ready: [0],
      blocked: waiting,
      points: [],
      outcomes: [],
    })),
  });

  test("are the steps in which each session waited", () => {
    const { plot, sentence } = lockWaitsBySession(schedule([[1], [1], [], [0, 1]]), 3);
    expect(sentence).toContain("Steps of the schedule");
    for (const text of ["session 0", "25 %", "75 %", "0 %"]) expect(plot).toContain(text);
  });

  test("say so where nobody waited", () => {
    expect(lockWaitsBySession(schedule([[], []]), 2)).toEqual({
      plot: "",
      sentence: "No session waited for a lock.",
    });
  });
});
