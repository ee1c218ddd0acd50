import fc from "fast-check";

import type { Move } from "../../src/scheduler/move.ts";
import { granted } from "../../src/scheduler/move.ts";
import type { Schedule, Step, StepOutcome } from "../../src/scheduler/schedule.ts";

const number = fc.nat({ max: 12 });

const outcome: fc.Arbitrary<StepOutcome> = fc.oneof(
  fc.record({ session: number, rows: fc.nat() }),
  fc.record({ session: number, affected: fc.nat() }),
  fc.record({ session: number, done: fc.constant(true as const) }),
  fc.record({ session: number, error: fc.oneof(fc.string(), fc.integer()) }),
  fc.record({ session: number, blocked: fc.constant(true as const) }),
  fc.record({ session: number, deferred: fc.constant(true as const) }),
);

const point = fc.record({
  operation: fc.nat(),
  attempt: number,
  kind: fc.constantFrom("query", "commit", "rollback", "think"),
});

function moveAmong(ready: readonly number[]): fc.Arbitrary<Move> {
  const fault = fc.record({ kind: fc.constant("fault" as const), fault: fc.string(), session: number });
  const [first, second] = ready;
  if (first === undefined) return fault;
  const grant = fc.record({ kind: fc.constant("grant" as const), session: fc.constantFrom(...ready) });
  if (second === undefined) return fc.oneof(fault, grant);
  const two = fc.shuffledSubarray([...ready], { minLength: 2, maxLength: 2 });
  const overlap = two.map(([a = first, b = second]): Move => ({ kind: "overlap", sessions: [a, b] }));
  return fc.oneof(fault, grant, overlap);
}

const step: fc.Arbitrary<Step> = fc
  .uniqueArray(number, { maxLength: 6 })
  .chain((sessions) => {
    const ascending = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b);
    const half = Math.ceil(sessions.length / 2);
    const [ready, blocked] = [ascending(sessions.slice(0, half)), ascending(sessions.slice(half))];
    return moveAmong(ready).chain((move) => {
      const count = granted(move).length;
      return fc.record({
        move: fc.constant(move),
        ready: fc.constant(ready),
        blocked: fc.constant(blocked),
        points: fc.array(point, { minLength: count, maxLength: count }),
        outcomes: fc.array(outcome, { maxLength: 3 }),
        racy: fc.option(fc.constant(true as const), { nil: undefined }),
      });
    });
  })
  .map(({ racy, ...rest }) => (racy === undefined ? rest : { ...rest, racy }));

/** Any schedule that the format allows. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  isolab: fc.constant(1 as const),
  seed: fc.string(),
  strategy: fc.string(),
  schedule: fc.nat(),
  steps: fc.array(step, { maxLength: 8 }),
});
