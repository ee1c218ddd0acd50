import { describe, expect, test } from "vitest";

import type { Move } from "../../src/scheduler/move.ts";
import { randomStrategy } from "../../src/scheduler/random-strategy.ts";
import { operation } from "./scripts.ts";
import { simulate } from "./simulation.ts";

const server = { database: "postgres", isolation: "read-committed" } as const;
const sessions = [[operation("r a0")], [operation("r b0")], [operation("r c0")]];

function moves(seed: string, schedule: number, overlaps = 0): readonly Move[] {
  const run = simulate(server, sessions, randomStrategy({ seed, overlaps }), schedule);
  return run.schedule.steps.map(({ move }) => move);
}

describe("the random strategy", () => {
  test("finds all interleavings of a small case, each about as often as its choices say", () => {
    const found = new Map<string, number>();
    const strategy = randomStrategy({ seed: "42" });
    for (let schedule = 0; schedule < 3000; schedule += 1) {
      const { schedule: executed, more } = simulate(server, sessions, strategy, schedule);
      expect(more).toBe(true);
      const order = executed.steps.map(({ move }) => (move.kind === "grant" ? move.session : "?")).join("");
      found.set(order, (found.get(order) ?? 0) + 1);
    }
    expect(found.size).toBe(90);
    // 1/3 for the first, 1/3 for the second, then 1/2 of two sessions that have two steps each, and so on.
    expect((found.get("001122") ?? 0) / 3000).toBeCloseTo((1 / 9) * (1 / 2) * (1 / 2), 1.5);
  });

  test("gives the same moves for the same seed and number, whatever came before", () => {
    const strategy = randomStrategy({ seed: "7" });
    simulate(server, sessions, strategy, 0);
    const later = simulate(server, sessions, strategy, 5).schedule.steps.map(({ move }) => move);
    expect(later).toEqual(moves("7", 5));
    expect(moves("7", 5)).not.toEqual(moves("8", 5));
    expect(moves("7", 5)).not.toEqual(moves("7", 6));
  });

  test("never lets two go at once unless asked to", () => {
    for (let schedule = 0; schedule < 50; schedule += 1)
      expect(moves("42", schedule).every(({ kind }) => kind === "grant")).toBe(true);
  });

  test("lets two go at once as often as asked, where there are two, and every pair in both orders", () => {
    const strategy = randomStrategy({ seed: "42", overlaps: 0.25 });
    const ready = [0, 1, 2].map((session) => ({ session }) as never);
    strategy.begin(0, 3);
    const pairs = new Map<string, number>();
    let grants = 0;
    for (let step = 0; step < 4000; step += 1) {
      const move = strategy.pick({ step, ready, blocked: [], last: undefined });
      if (move.kind === "overlap")
        pairs.set(move.sessions.join(), (pairs.get(move.sessions.join()) ?? 0) + 1);
      else grants += 1;
    }
    expect(grants / 4000).toBeGreaterThan(0.72);
    expect(grants / 4000).toBeLessThan(0.78);
    expect([...pairs.keys()].sort()).toEqual(["0,1", "0,2", "1,0", "1,2", "2,0", "2,1"]);
    for (const count of pairs.values()) expect(Math.abs(count / 1000 - 1 / 6)).toBeLessThan(0.05);
    const alone = strategy.pick({ step: 0, ready: ready.slice(2), blocked: [0], last: 1 });
    expect(alone).toEqual({ kind: "grant", session: 2 });
  });

  test.each([-0.1, 1.1, NaN])("refuses %d as a probability", (overlaps) => {
    expect(() => randomStrategy({ seed: "42", overlaps })).toThrow(RangeError);
  });
});
