import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { compareSchedules, describeDifference } from "../../src/scheduler/compare-schedules.ts";
import type { Schedule, Step } from "../../src/scheduler/schedule.ts";
import { schedules } from "./schedules.ts";

const step: Step = {
  move: { kind: "grant", session: 0 },
  ready: [0, 1],
  blocked: [2],
  points: [{ operation: 3, attempt: 0, kind: "query" }],
  outcomes: [{ session: 0, rows: 1 }],
};

const schedule: Schedule = {
  isolab: 1,
  seed: "42",
  strategy: "random",
  schedule: 0,
  steps: [step, step, step],
};

function withStep(index: number, change: Partial<Step>): Schedule {
  return {
    ...schedule,
    steps: schedule.steps.map((one, at) => (at === index ? { ...one, ...change } : one)),
  };
}

describe("compareSchedules", () => {
  test.each([
    ["ready", { ready: [0] }, "Before step 1, session 0 could go on, and not sessions 0, 1 as expected."],
    [
      "blocked",
      { blocked: [] },
      "Before step 1, no session waited for a lock, and not session 2 as expected.",
    ],
    [
      "move",
      { move: { kind: "grant", session: 1 } },
      "At step 1, session 1 went on, and not session 0 went on as expected.",
    ],
    ["move", { move: { kind: "overlap", sessions: [1, 0] } }, "sessions 1, 0 went on at once"],
    ["move", { move: { kind: "fault", fault: "kill", session: 2 } }, "the fault kill struck session 2"],
    [
      "points",
      { points: [{ operation: 3, attempt: 1, kind: "commit" }] },
      "the move led to a commit of operation 3, attempt 2, and not to a query of operation 3",
    ],
    [
      "outcomes",
      {
        outcomes: [
          { session: 0, affected: 2 },
          { session: 2, error: "40P01" },
        ],
      },
      "Step 1 ended with 2 rows written in session 0, then error 40P01 in session 2, and not with 1 row read in session 0",
    ],
    ["outcomes", { outcomes: [{ session: 0, blocked: true }] }, "a wait for a lock in session 0"],
    ["outcomes", { outcomes: [{ session: 0, deferred: true }] }, "a statement sent back in session 0"],
    ["outcomes", { outcomes: [{ session: 0, done: true }] }, "success in session 0"],
    ["outcomes", { outcomes: [] }, "no outcome"],
  ] as const)("finds other %s: %j", (what, change, sentence) => {
    const other = withStep(1, change);
    const difference = compareSchedules(schedule, other);
    expect(difference).toEqual({
      step: 1,
      what,
      expected: step[what],
      found: (change as Partial<Step>)[what],
    });
    if (difference === undefined) throw new Error("no difference");
    expect(describeDifference(difference)).toContain(sentence);
    expect(describeDifference(difference)).toMatch(/^[^\n]*\.$/);
  });

  test("says what came about first: who was ready, before what was chosen, before what came of it", () => {
    const changes: Partial<Step>[] = [
      { outcomes: [] },
      { points: [] },
      { move: { kind: "grant", session: 1 } },
      { blocked: [] },
      { ready: [1] },
    ];
    const found = changes.map(
      (_, index) =>
        compareSchedules(schedule, withStep(2, Object.assign({}, ...changes.slice(0, index + 1)) as Step))
          ?.what,
    );
    expect(found).toEqual(["outcomes", "points", "move", "blocked", "ready"]);
    const both = {
      ...withStep(1, { outcomes: [] }),
      steps: [...withStep(1, { outcomes: [] }).steps.slice(0, 2), { ...step, ready: [9] }],
    };
    expect(compareSchedules(schedule, both)?.step).toBe(1);
  });

  test("finds the one that goes on after the other", () => {
    const short = { ...schedule, steps: [step] };
    expect(compareSchedules(schedule, short)).toEqual({ step: 1, what: "length", expected: 3, found: 1 });
    const difference = compareSchedules(short, schedule);
    expect(difference).toEqual({ step: 1, what: "length", expected: 1, found: 3 });
    if (difference === undefined) throw new Error("no difference");
    expect(describeDifference(difference)).toBe(
      "The execution has 3 steps, and not 1 as expected; up to step 1 they are the same.",
    );
  });

  test("takes seed, strategy, number and racy for no difference, and neither the order of fields", () => {
    const other = { ...withStep(0, { racy: true }), seed: "7", strategy: "replay", schedule: 9 };
    expect(compareSchedules(schedule, other)).toBeUndefined();
    const { move, ...rest } = step;
    expect(
      compareSchedules(schedule, { ...schedule, steps: [step, { ...rest, move }, step] }),
    ).toBeUndefined();
  });

  test("finds something exactly where two schedules are not the same", () => {
    fc.assert(
      fc.property(schedules, schedules, (a, b) => {
        expect(compareSchedules(a, a)).toBeUndefined();
        const steps = ({ steps: list }: Schedule): string =>
          JSON.stringify(
            list.map(({ racy: _, ...others }) => Object.entries(others).sort(([x], [y]) => (x < y ? -1 : 1))),
          );
        expect(compareSchedules(a, b) === undefined).toBe(steps(a) === steps(b));
        const cut = { ...a, steps: a.steps.slice(0, -1) };
        if (a.steps.length > 0) expect(compareSchedules(a, cut)?.what).toBe("length");
      }),
    );
  });
});
