import { describe, expect, test } from "vitest";

import { concat } from "../../src/generators/concat.ts";
import { forever, repeat } from "../../src/generators/forever.ts";
import { fromList } from "../../src/generators/from-list.ts";
import type { Generator } from "../../src/generators/generator.ts";
import { limit } from "../../src/generators/limit.ts";
import { map } from "../../src/generators/map.ts";
import { perSession } from "../../src/generators/per-session.ts";
import { phases } from "../../src/generators/phases.ts";
import { drawPlan } from "../../src/generators/plan.ts";
import { atRate, delay } from "../../src/generators/stagger.ts";
import { stream } from "../../src/random/rng.ts";
import { numbers } from "./bench.ts";

function step(n: number): { f: string; args: { n: number } } {
  return { f: "step", args: { n } };
}

const steps = (count: number): ReturnType<typeof fromList<ReturnType<typeof step>>> =>
  fromList(numbers(count).map(step));

describe("drawPlan", () => {
  test("deals operations to the sessions in turn, with nothing that nobody asked for", () => {
    const plan = drawPlan(steps(5), { seed: "42", sessions: 2, operations: 10 });
    expect(plan).toEqual({
      seed: "42",
      exhausted: true,
      sessions: [
        [0, 2, 4].map((id) => ({ id, session: 0, f: "step", args: { n: id } })),
        [1, 3].map((id) => ({ id, session: 1, f: "step", args: { n: id } })),
      ],
    });
  });

  test("stops at the bound and says that the generator had not ended", () => {
    const plan = drawPlan(repeat(step(1)), { seed: "42", sessions: 3, operations: 7 });
    expect(plan.sessions.map((entries) => entries.length)).toEqual([3, 2, 2]);
    expect(plan.exhausted).toBe(false);
    expect(drawPlan(repeat(step(1)), { seed: "42", sessions: 3, operations: 0 }).exhausted).toBe(false);
  });

  test("takes all its chance from the stream named generator, one draw after the other", () => {
    const rolls = forever((rng) => step(rng.float()));
    const plan = drawPlan(rolls, { seed: "9", sessions: 2, operations: 20 });
    const drawn = plan.sessions.flat().sort((a, b) => a.id - b.id);
    const rng = stream("9", "generator");
    expect(drawn.map(({ args }) => args.n)).toEqual(numbers(20).map(() => rng.float()));
  });

  test("numbers the phases, also those of phases after phases, and skips empty ones", () => {
    const generator = phases(
      steps(3),
      fromList<ReturnType<typeof step>>([]),
      steps(2),
      phases(steps(1), steps(2)),
    );
    const plan = drawPlan(generator, { seed: "42", sessions: 2, operations: 100 });
    const drawn = plan.sessions.flat().sort((a, b) => a.id - b.id);
    expect(drawn.map(({ phase }) => phase)).toEqual([undefined, undefined, undefined, 1, 1, 2, 3, 3]);
  });

  test("what comes after phases without a barrier belongs to the last of them", () => {
    const plan = drawPlan(concat(phases(steps(1), steps(1)), steps(2)), {
      seed: "42",
      sessions: 1,
      operations: 100,
    });
    expect(plan.sessions[0]?.map(({ phase }) => phase)).toEqual([undefined, 1, 1, 1]);
  });

  test("gives each session its own operations, and the phase after them to all", () => {
    const own = perSession((session) => map(() => step(session), steps(session + 1)));
    const plan = drawPlan(
      phases(
        own,
        map(() => step(99), steps(3)),
      ),
      {
        seed: "42",
        sessions: 3,
        operations: 100,
      },
    );
    expect(plan.sessions.map((entries) => entries.map(({ args }) => args.n))).toEqual([
      [0, 99],
      [1, 1, 99],
      [2, 2, 2, 99],
    ]);
    expect(plan.exhausted).toBe(true);
  });

  test("gives planned starts where a rate was asked, rising within each session", () => {
    const plan = drawPlan(atRate(1000, repeat(step(1))), { seed: "42", sessions: 4, operations: 4000 });
    const starts = plan.sessions.flat().map(({ atNanos }) => atNanos ?? NaN);
    expect(Math.abs(Math.max(...starts) / 4e9 - 1)).toBeLessThan(0.06);
    for (const entries of plan.sessions)
      for (const [before, { atNanos }] of entries.slice(1).entries())
        expect(atNanos).toBeGreaterThan(entries[before]?.atNanos ?? NaN);
  });

  test("begins a second timetable where the first one ended", () => {
    const plan = drawPlan(
      concat(limit(2, delay(100, repeat(step(1)))), limit(2, delay(10, repeat(step(2))))),
      {
        seed: "42",
        sessions: 1,
        operations: 100,
      },
    );
    expect(plan.sessions[0]?.map(({ atNanos }) => atNanos)).toEqual([100, 200, 210, 220]);
  });

  test("virtual time never goes back, whatever is drawn between two timetables", () => {
    const generator = concat(
      limit(1, delay(100, repeat(step(1)))),
      steps(2),
      limit(1, delay(10, repeat(step(2)))),
    );
    const plan = drawPlan(generator, { seed: "42", sessions: 1, operations: 100 });
    expect(plan.sessions[0]?.map(({ atNanos }) => atNanos)).toEqual([100, undefined, undefined, 110]);
  });

  test("moves time on when every session waits, to the earliest time one of them waits for", () => {
    const later: Generator<{ f: string; args: { time: number } }> = {
      draw: ({ time, session }) =>
        time < 500
          ? { kind: "wait", until: 500 + session, rest: later }
          : { kind: "operation", operation: { f: "x", args: { time } }, at: time, rest: fromList([]) },
    };
    const plan = drawPlan(later, { seed: "42", sessions: 3, operations: 10 });
    expect(plan.sessions[0]).toEqual([{ id: 0, session: 0, f: "x", args: { time: 500 }, atNanos: 500 }]);
  });

  test("ends when the sessions wait for each other for ever", () => {
    const stuck: Generator<never> = { draw: () => ({ kind: "wait", until: Infinity, rest: stuck }) };
    expect(drawPlan(stuck, { seed: "42", sessions: 3, operations: 10 }).exhausted).toBe(true);
  });

  test.each([
    ["a time that has passed", (time: number) => time],
    ["always a little longer", (time: number) => time + 1],
  ])("refuses a generator that lets all sessions wait for %s", (_, untilOf) => {
    const endless: Generator<never> = {
      draw: ({ time }) => ({ kind: "wait", until: untilOf(time), rest: endless }),
    };
    expect(() => drawPlan(endless, { seed: "42", sessions: 2, operations: 10 })).toThrow("without end");
  });

  test.each([
    { sessions: 0, operations: 1 },
    { sessions: 1.5, operations: 1 },
    { sessions: 1, operations: -1 },
    { sessions: 1, operations: Infinity },
  ])("refuses %o", (bounds) => {
    expect(() => drawPlan(steps(1), { seed: "42", ...bounds })).toThrow(RangeError);
  });
});
