import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { guidedStrategy, turnsOf } from "../../src/scheduler/guided-strategy.ts";
import { randomStrategy } from "../../src/scheduler/random-strategy.ts";
import { replayStrategy } from "../../src/scheduler/replay-strategy.ts";
import { decodeSchedule, encodeSchedule } from "../../src/scheduler/schedule-json.ts";
import type { Schedule, Step } from "../../src/scheduler/schedule.ts";
import { scripts, servers } from "./arbitraries.ts";
import { operation } from "./scripts.ts";
import { simulate } from "./simulation.ts";

const server = { database: "postgres", isolation: "read-committed" } as const;
const writers = [[operation("w a0", "w b0")], [operation("w a0")]];

function executed(seed = "42"): Schedule {
  return simulate(server, writers, randomStrategy({ seed })).schedule;
}

describe("replay", () => {
  test("repeats every schedule, overlaps too, from its file, and once", () => {
    fc.assert(
      fc.property(scripts, fc.constantFrom(...servers), fc.string(), (sessions, some, seed) => {
        const first = simulate(some, sessions, randomStrategy({ seed, overlaps: 0.2 }));
        const saved = decodeSchedule(encodeSchedule(first.schedule));
        const again = simulate(some, sessions, replayStrategy(saved));
        expect(again.schedule.steps).toEqual(first.schedule.steps);
        expect(again.seen).toBe(first.seen);
        expect(again.more).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test("stops at the first step at which others are blocked", () => {
    const steps = guidedStrategy([{ session: 0 }, { session: 1 }]);
    const { schedule } = simulate(server, writers, steps);
    const other = [writers[0] ?? [], [operation("w b1")]];
    expect(() => simulate(server, other, replayStrategy(schedule))).toThrow(
      expect.objectContaining({
        name: "ScheduleDivergence",
        step: 2,
        expected: { ready: [0], blocked: [1] },
        found: { ready: [0, 1], blocked: [] },
        message: expect.stringMatching(
          /at step 2: expected session 0 ready and session 1 blocked, found sessions 0, 1 ready and none blocked; make/,
        ) as unknown,
      }),
    );
  });

  test("stops at the first step at which others are ready", () => {
    const [first] = writers;
    expect(() => simulate(server, [first ?? [], []], replayStrategy(executed()))).toThrow(
      expect.objectContaining({
        step: 0,
        expected: { ready: [0, 1], blocked: [] },
        found: { ready: [0], blocked: [] },
      }),
    );
  });

  test("stops when the execution goes on after the schedule, or ends before it", () => {
    const whole = executed();
    const short = { ...whole, steps: whole.steps.slice(0, -1) };
    expect(() => simulate(server, writers, replayStrategy(short))).toThrow(
      expect.objectContaining({ step: short.steps.length, expected: "end" }),
    );
    const long = { ...whole, steps: [...whole.steps, ...whole.steps.slice(-1)] };
    expect(() => simulate(server, writers, replayStrategy(long))).toThrow(
      expect.objectContaining({ step: whole.steps.length, found: "end" }),
    );
  });

  test("answers a fault as it stands, and does without being asked for it", () => {
    const fault: Step = {
      move: { kind: "fault", fault: "kill-connection", session: 1 },
      ready: [0],
      blocked: [1],
      points: [],
      outcomes: [{ session: 1, error: "killed" }],
    };
    const grant: Step = { ...fault, move: { kind: "grant", session: 0 } };
    const schedule: Schedule = {
      isolab: 1,
      seed: "1",
      strategy: "random",
      schedule: 0,
      steps: [grant, fault, grant, fault],
    };
    const choice = { ready: [{ session: 0 } as never], blocked: [1], last: undefined };
    const strategy = replayStrategy(schedule);
    strategy.begin(0, 2);
    expect(strategy.pick({ ...choice, step: 1 })).toEqual(fault.move);
    strategy.begin(0, 2);
    for (const step of [0, 2]) expect(strategy.pick({ ...choice, step })).toEqual(grant.move);
    expect(strategy.end()).toBe(false);
  });
});

describe("guided", () => {
  test("never comes to a halt, whatever the turns", () => {
    const turn = fc.oneof(
      fc.record({ session: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ operation: fc.constantFrom(0, 1, 100, 101, 200, 9) }),
    );
    fc.assert(
      fc.property(scripts, fc.constantFrom(...servers), fc.array(turn), (sessions, some, turns) => {
        const run = simulate(some, sessions, guidedStrategy(turns));
        const { log } = JSON.parse(run.seen) as { log: string[][] };
        expect(log.every((lines) => lines.length > 0)).toBe(true);
        expect(run.more).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test.each(["session", "operation"] as const)("with all turns of a schedule by %s repeats it", (by) => {
    fc.assert(
      fc.property(scripts, fc.constantFrom(...servers), fc.string(), (sessions, some, seed) => {
        const { schedule } = simulate(some, sessions, randomStrategy({ seed }));
        const again = simulate(some, sessions, guidedStrategy(turnsOf(schedule, by)));
        expect(again.schedule.steps).toEqual(schedule.steps);
      }),
      { numRuns: 100 },
    );
  });

  function sessionsOf(turns: Parameters<typeof guidedStrategy>[0], sessions = writers): number[] {
    const { schedule } = simulate(server, sessions, guidedStrategy(turns));
    return schedule.steps.map(({ move }) => (move.kind === "grant" ? move.session : NaN));
  }

  test("passes over the turns of who waits, is done, or is not there", () => {
    const turns = [1, 0, 0, 7, 1, 0].map((session) => ({ session }));
    // 0 waits after its first step, so its next turn is not to be had; then 1 commits.
    expect(sessionsOf(turns)).toEqual([1, 0, 1, 0, 0]);
  });

  test("passes over the turns of an operation that no session is at", () => {
    expect(sessionsOf([{ operation: 1 }, { operation: 100 }, { operation: 0 }, { operation: 100 }])).toEqual([
      1, 0, 1, 0, 0,
    ]);
  });

  test("without turns goes on with the last session, and otherwise with the lowest", () => {
    expect(sessionsOf([])).toEqual([0, 0, 0, 1, 1]);
    expect(sessionsOf([{ session: 1 }])).toEqual([1, 1, 0, 0, 0]);
  });

  test("takes both turns of an overlap, and none of a fault", () => {
    const overlap: Step = {
      move: { kind: "overlap", sessions: [2, 0] },
      ready: [0, 2],
      blocked: [],
      points: [
        { operation: 21, attempt: 0, kind: "query" },
        { operation: 5, attempt: 0, kind: "query" },
      ],
      outcomes: [],
    };
    const fault: Step = { ...overlap, move: { kind: "fault", fault: "kill", session: 0 }, points: [] };
    const schedule = { ...executed(), steps: [overlap, fault] };
    expect(turnsOf(schedule, "session")).toEqual([{ session: 2 }, { session: 0 }]);
    expect(turnsOf(schedule, "operation")).toEqual([{ operation: 21 }, { operation: 5 }]);
  });
});
