import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Move } from "../../src/scheduler/move.ts";
import type { Point } from "../../src/scheduler/point.ts";
import { randomStrategy } from "../../src/scheduler/random-strategy.ts";
import type { Choice, Strategy } from "../../src/scheduler/strategy.ts";
import { stepFaults, withFaults, type StepFault } from "../../src/scheduler/with-faults.ts";

/** Session 1 is about to COMMIT. */
function pointOf(session: number): Point {
  const footprint = { tables: [], readOnly: true };
  const at = { session, operation: 0, attempt: 0, footprint };
  if (session === 1) return { ...at, kind: "commit", sql: null, first: false, begins: false };
  return { ...at, kind: "query", sql: "x", first: true, begins: true };
}

/** At every one of so many steps the same sessions are ready and blocked. */
function moves(
  strategy: Strategy,
  steps: number,
  ready: readonly number[],
  blocked: readonly number[],
  schedule = 0,
) {
  strategy.begin(schedule, ready.length + blocked.length);
  const chosen: Move[] = [];
  for (let step = 0; step < steps; step++) {
    const choice: Choice = { step, ready: ready.map(pointOf), blocked, last: undefined };
    chosen.push(strategy.pick(choice));
  }
  return chosen;
}

const faulty = (seed: string, rate: number, faults: readonly StepFault[] = stepFaults): Strategy =>
  withFaults(randomStrategy({ seed }), { seed, faults, rate });
const isFault = (move: Move): boolean => move.kind === "fault";
const named = (name: string): readonly StepFault[] => stepFaults.filter((fault) => fault.name === name);

describe("faults among the steps of another strategy", () => {
  test("come as often as asked", () => {
    for (const rate of [0, 0.1, 0.5, 1]) {
      const faults = moves(faulty("1", rate), 2_000, [0, 1], [2]).filter(isFault).length;
      expect(faults / 2_000).toBeGreaterThanOrEqual(rate - 0.05);
      expect(faults / 2_000).toBeLessThanOrEqual(rate + 0.05);
    }
  });

  test("take nothing away from what the strategy draws", () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 0.9, noNaN: true }), (seed, rate) => {
        const grants = moves(faulty(seed, rate), 60, [0, 1, 2], [3]).filter((move) => !isFault(move));
        expect(grants).toEqual(moves(randomStrategy({ seed }), grants.length, [0, 1, 2], [3]));
      }),
    );
  });

  test("are the same for the same seed and schedule, and others for others", () => {
    const first = moves(faulty("1", 0.3), 100, [0, 1], [2]);
    expect(moves(faulty("1", 0.3), 100, [0, 1], [2])).toEqual(first);
    expect(moves(faulty("2", 0.3), 100, [0, 1], [2])).not.toEqual(first);
    const strategy = faulty("1", 0.3);
    expect(moves(strategy, 100, [0, 1], [2], 1)).not.toEqual(first);
    expect(moves(strategy, 100, [0, 1], [2], 0)).toEqual(first);
  });

  test.each([
    ["kill-connection", [0, 1, 2, 3]],
    ["cancel-statement", [2, 3]],
    ["lock-timeout", [0, 1]],
    ["lose-commit-request", [1]],
    ["lose-commit-reply", [1]],
  ])("%s hits only the sessions that it can hit", (name, sessions) => {
    const hit = moves(faulty("1", 1, named(name)), 200, [0, 1], [2, 3]).map((move) =>
      move.kind === "fault" ? move.session : -1,
    );
    expect([...new Set(hit)].toSorted()).toEqual(sessions);
  });

  test("leave the step to the strategy where there is nobody to hit", () => {
    expect(moves(faulty("1", 1, named("cancel-statement")), 50, [0, 1], []).filter(isFault)).toEqual([]);
    expect(moves(faulty("1", 1, named("lose-commit-reply")), 50, [0], [1]).filter(isFault)).toEqual([]);
  });

  test("every fault of the list comes, by the name of the move it makes", () => {
    const struck = moves(faulty("1", 1), 200, [0, 1], [2]).map((move) =>
      move.kind === "fault" ? move.fault : "",
    );
    expect([...new Set(struck)].toSorted()).toEqual(stepFaults.map(({ fault }) => fault).toSorted());
  });

  test("leave the name and the end of a schedule to the strategy", () => {
    const inner = randomStrategy({ seed: "1" });
    const strategy = withFaults({ ...inner, end: () => false }, { seed: "1", faults: stepFaults, rate: 1 });
    expect([strategy.name, strategy.end(), faulty("1", 1).end()]).toEqual(["random", false, true]);
  });
});
