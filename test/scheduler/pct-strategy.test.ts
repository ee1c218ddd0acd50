import { describe, expect, test } from "vitest";

import { pctStrategy } from "../../src/scheduler/pct-strategy.ts";
import type { Strategy } from "../../src/scheduler/strategy.ts";
import { operation } from "./scripts.ts";
import { type Script, simulate } from "./simulation.ts";

const server = { database: "postgres", isolation: "read-committed" } as const;

/** Sessions of thinks: nothing waits, so every order of the steps is possible. */
function thinking(...lengths: readonly number[]): Script[] {
  return lengths.map((steps) => [operation(...Array.from({ length: steps - 1 }, () => "think"))]);
}

/** The steps in order as `session.position`, both from 0. */
function order(sessions: readonly Script[], strategy: Strategy, schedule: number): string[] {
  const positions = sessions.map(() => 0);
  return simulate(server, sessions, strategy, schedule).schedule.steps.map(({ move }) => {
    const session = move.kind === "grant" ? move.session : NaN;
    const position = positions[session] ?? NaN;
    positions[session] = position + 1;
    return `${session}.${position}`;
  });
}

/** A bug that shows itself when these steps come in this order: a chain of n steps is a bug of depth n − 1. */
interface Bug {
  readonly sessions: readonly Script[];
  readonly chain: readonly string[];
}

const bugs: Readonly<Record<1 | 2 | 3, Bug>> = {
  // Used before it was made.
  1: { sessions: thinking(4, 4, 4), chain: ["2.3", "0.0"] },
  // Two steps that were meant to be one.
  2: { sessions: thinking(4, 4, 4), chain: ["0.1", "1.1", "0.2"] },
  // Two such pairs into each other.
  3: { sessions: thinking(4, 4), chain: ["0.1", "1.1", "0.2", "1.2"] },
};

/** How often a bug shows itself in schedules from the first one on. */
function share({ sessions, chain }: Bug, depth: number, schedules: number): number {
  const strategy = pctStrategy({ seed: "42", depth, expectedSteps: 12 });
  let shown = 0;
  for (let schedule = 0; schedule < schedules; schedule += 1) {
    const steps = order(sessions, strategy, schedule);
    const places = chain.map((step) => steps.indexOf(step));
    if (places.every((place, index) => index === 0 || place > (places[index - 1] ?? Infinity))) shown += 1;
  }
  return shown / schedules;
}

const schedules = 20_000;

/** Three standard deviations of the share of schedules in which something of this probability happens. */
function deviation(probability: number): number {
  return 3 * Math.sqrt((probability * (1 - probability)) / schedules);
}

describe("probabilistic concurrency testing", () => {
  test.each([1, 2, 3] as const)("finds a bug of depth %d at least as often as it guarantees", (depth) => {
    const bug = bugs[depth];
    const n = bug.sessions.length;
    const k = bug.sessions.reduce((sum, [first]) => sum + (first?.body.length ?? 0) + 1, 0);
    const guaranteed = 1 / (n * k ** (depth - 1));
    expect(share(bug, depth, schedules)).toBeGreaterThan(guaranteed - deviation(guaranteed));
  });

  test("finds no more than that where the guarantee is exact", () => {
    // Session 0 has to begin, and both changes have to come at their step with their priority: 1/2 · 1/8 · 1/8.
    expect(Math.abs(share(bugs[3], 3, schedules) - 1 / 128)).toBeLessThan(deviation(1 / 128));
  });

  test.each([2, 3] as const)("with less depth than %d it never does", (depth) => {
    for (let less = 1; less < depth; less += 1) expect(share(bugs[depth], less, 1500)).toBe(0);
  });

  test("with depth 1 lets every session run to its end, in all orders alike", () => {
    const sessions = thinking(2, 3, 2);
    const strategy = pctStrategy({ seed: "42", depth: 1, expectedSteps: 7 });
    const orders = new Map<string, number>();
    for (let schedule = 0; schedule < 1200; schedule += 1) {
      const key = order(sessions, strategy, schedule)
        .map((step) => step.charAt(0))
        .join("");
      orders.set(key, (orders.get(key) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual([
      "0011122",
      "0022111",
      "1110022",
      "1112200",
      "2200111",
      "2211100",
    ]);
    for (const count of orders.values()) expect(Math.abs(count / 1200 - 1 / 6)).toBeLessThan(0.05);
  });

  test("spreads its changes over as many steps as the longest schedule had", () => {
    const sessions = thinking(12, 12);
    const strategy = pctStrategy({ seed: "42", depth: 2, expectedSteps: 1 });
    const places = new Set<number>();
    const changeOf = (schedule: number): number => {
      const steps = order(sessions, strategy, schedule).map((step) => step.charAt(0));
      return steps.findIndex((session, index) => index > 0 && session !== steps[index - 1]);
    };
    // The estimate of the caller is all that is known: the only change comes at once, and is none to be seen.
    expect(changeOf(0)).toBe(12);
    for (let schedule = 1; schedule < 400; schedule += 1) places.add(changeOf(schedule));
    expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });

  test("goes on with whoever can, while the session of highest priority waits", () => {
    const writers = [[operation("w a0", "w b0")], [operation("w a0", "w b0")], [operation("w b0", "w a0")]];
    const strategy = pctStrategy({ seed: "42", depth: 3, expectedSteps: 9 });
    const outcomes = new Set<string>();
    for (let schedule = 0; schedule < 200; schedule += 1) {
      const { steps } = simulate(server, writers, strategy, schedule).schedule;
      for (const { outcomes: list } of steps)
        for (const outcome of list) outcomes.add(Object.keys(outcome).at(-1) ?? "");
    }
    expect([...outcomes].sort()).toEqual(["blocked", "done", "error", "rows"]);
  });

  test("gives the same schedules for the same seed", () => {
    const all = (seed: string): string[][] => {
      const strategy = pctStrategy({ seed, depth: 3, expectedSteps: 12 });
      return Array.from({ length: 20 }, (_, schedule) => order(thinking(4, 4, 4), strategy, schedule));
    };
    expect(all("1")).toEqual(all("1"));
    expect(all("1")).not.toEqual(all("2"));
  });

  test.each([
    { depth: 0, expectedSteps: 1 },
    { depth: 1.5, expectedSteps: 1 },
    { depth: 1, expectedSteps: 0 },
  ])("refuses %o", (options) => {
    expect(() => pctStrategy({ seed: "42", ...options })).toThrow(RangeError);
  });
});
