import { describe, expect, test } from "vitest";

import { collectTimeline } from "../../../src/report/run/collect-timeline.ts";
import type { TimelineData } from "../../../src/report/run/timeline-data.ts";
import type { Schedule } from "../../../src/scheduler/schedule.ts";
import { header, lostUpdate, Script } from "./runs.ts";

function collected(script: Script, more: Partial<Parameters<typeof collectTimeline>[0]> = {}): TimelineData {
  return collectTimeline({
    history: script.history(),
    sessions: 3,
    schedule: undefined,
    marked: new Set(),
    most: 1_000,
    ...more,
  });
}

/** Undoes the distances. */
function sums(distances: readonly number[]): readonly number[] {
  let sum = 0;
  return distances.map((distance) => (sum += distance));
}

describe("the columns of a timeline", () => {
  const data = collected(lostUpdate(), { marked: new Set([2, 3]) });

  test("hold every operation once, in the order in which they began, in microseconds", () => {
    expect(data.total).toBe(27);
    expect(sums(data.begin).slice(0, 4)).toEqual([1_000, 2_000, 12_000, 100_000]);
    expect(data.length.slice(0, 3)).toEqual([8_000, 9_000, 1_000]);
    expect(sums(data.index).slice(0, 3)).toEqual([2, 3, 5]);
    expect(data.to).toBe(401_000);
  });

  test("fold processes into sessions, with a lane for the reads at rest and none for the nemesis", () => {
    expect(data.lanes).toEqual(["session 0", "session 1", "session 2", "at rest"]);
    // Process 4 took the place of process 1, whose outcome was unknown.
    const [fourth] = data.processes.flatMap((name, at) => (name === "4" ? [at] : []));
    expect(data.lane[data.process.indexOf(fourth ?? -1)]).toBe(1);
    expect(data.lane.at(-1)).toBe(3);
  });

  test("tell outcomes, causes, keys, what was done, and what is part of an anomaly", () => {
    expect(data.marked).toEqual([0, 1]);
    expect(data.text[0]).toBe("read x → [], append 1 to x");
    expect((data.touched[0] ?? []).map((key) => data.keys[key])).toEqual(["x"]);
    const failed = data.outcome.indexOf(1);
    expect(data.causes[data.cause[failed] ?? -1]).toBe("deadlock");
    expect(data.outcome.filter((outcome) => outcome === 2)).toHaveLength(1);
  });

  test("tell faults from invocation to completion; one that never completed has no end", () => {
    expect(data.faults).toEqual([
      { f: "pause-server", did: "paused", from: 20_000, to: 80_000 },
      { f: "kill-connection", did: null, from: 330_000, to: null },
    ]);
  });
});

test("of too many operations a regular sample is taken, and all that are part of an anomaly", () => {
  const script = new Script();
  for (let i = 0; i < 500; i++) script.done(i, 0.5, i % 3, "ok", [["append", "x", i]]);
  const data = collected(script, { marked: new Set([3, 999]), most: 50 });
  expect(data.total).toBe(500);
  expect(data.begin.length).toBeLessThanOrEqual(52);
  expect(data.begin.length).toBeGreaterThan(40);
  const indices = sums(data.index);
  expect(data.marked.map((at) => indices[at])).toEqual([3, 999]);
});

test("an operation without a completion is open, and a completion without an invocation takes no time", () => {
  const script = new Script(null)
    .line(1, 0, "invoke", "txn", [["append", "x", 1]])
    .line(2, 1, "ok", "txn", [["append", "x", 2]]);
  const data = collected(script, { sessions: undefined });
  expect(data.length).toEqual([-1, 0]);
  expect(data.outcome).toEqual([2, 0]);
  expect(data.lanes).toEqual(["process 0", "process 1"]);
});

test("a history without times is laid out line by line", () => {
  const script = new Script(null).line(0, 0, "invoke", "txn", null).line(0, 0, "ok", "txn", null);
  const data = collected(script, { sessions: undefined });
  expect([data.unit, data.begin, data.length]).toEqual(["step", [0], [2]]);
});

test("a schedule tells who waited for a lock, and its faults", () => {
  const step = (blocked: readonly number[], move: object): Schedule["steps"][number] =>
    ({ move, ready: [], blocked, points: [], outcomes: [] }) as unknown as Schedule["steps"][number];
  const grant = { kind: "grant", session: 0 };
  const schedule: Schedule = {
    isolab: 1,
    seed: "1",
    strategy: "random",
    schedule: 0,
    steps: [
      step([], grant),
      step([1], grant),
      step([1, 2], { kind: "fault", fault: "kill-connection", session: 1 }),
      step([2], grant),
    ],
  };
  const script = new Script({ ...header, mode: "interleaved" })
    .line(0, 0, "invoke", "txn", null)
    .line(3e-6, 0, "ok", "txn", null);
  const data = collected(script, { schedule });
  expect(data.blocked).toEqual([
    [1, 1, 3],
    [2, 2, 4],
  ]);
  expect(data.faults).toEqual([{ f: "kill-connection", did: "session 1", from: 2, to: 3 }]);
  // The last step takes its turn, too.
  expect([data.unit, data.length, data.to]).toEqual(["step", [4], 4]);
});
