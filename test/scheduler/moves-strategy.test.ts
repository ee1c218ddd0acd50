import { describe, expect, test } from "vitest";

import type { Move } from "../../src/scheduler/move.ts";
import { movesStrategy } from "../../src/scheduler/moves-strategy.ts";
import type { Point } from "../../src/scheduler/point.ts";
import { ScheduleDivergence } from "../../src/scheduler/schedule-divergence.ts";
import type { Choice } from "../../src/scheduler/strategy.ts";

function choice(step: number, ready: readonly number[], blocked: readonly number[] = []): Choice {
  const footprint = { tables: [], readOnly: true };
  const points = ready.map((session): Point => ({
    session,
    operation: 0,
    attempt: 0,
    kind: "query",
    sql: "x",
    first: false,
    begins: false,
    footprint,
  }));
  return { step, ready: points, blocked, last: undefined };
}

const moves: readonly Move[] = [
  { kind: "grant", session: 1 },
  { kind: "overlap", sessions: [0, 2] },
  { kind: "fault", fault: "lock-timeout", session: 0 },
  { kind: "grant", session: 0 },
];

describe("a list of moves", () => {
  test("is repeated by the number of the step, which need not ask for all of them", () => {
    const strategy = movesStrategy(moves);
    strategy.begin(0, 3);
    expect(strategy.pick(choice(0, [0, 1, 2]))).toEqual(moves[0]);
    expect(strategy.pick(choice(1, [0, 2], [1]))).toEqual(moves[1]);
    // The timeout of step 2 struck by itself.
    expect(strategy.pick(choice(3, [0]))).toEqual(moves[3]);
    expect(strategy.end()).toBe(false);
  });

  test("can be repeated again", () => {
    const strategy = movesStrategy(moves);
    for (let time = 0; time < 2; time++) {
      strategy.begin(time, 3);
      expect(strategy.pick(choice(0, [0, 1, 2]))).toEqual(moves[0]);
    }
  });

  test("asks nothing of those who wait: a fault is answered as it stands", () => {
    expect(movesStrategy(moves).pick(choice(2, [1], [0]))).toEqual(moves[2]);
  });

  test.each([
    ["a session that is not ready", 0, [0, 2], [1]],
    ["one of two that is not ready", 1, [0], [2]],
    ["a step after the last", 4, [0, 1, 2], []],
  ])("ends with a divergence at %s", (_, step, ready, blocked) => {
    const divergence = expect.objectContaining({ step }) as ScheduleDivergence;
    expect(() => movesStrategy(moves).pick(choice(step, ready, blocked))).toThrow(ScheduleDivergence);
    expect(() => movesStrategy(moves).pick(choice(step, ready, blocked))).toThrow(divergence);
  });
});
