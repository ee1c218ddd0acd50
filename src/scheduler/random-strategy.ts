import { type Rng, stream } from "../random/rng.ts";
import type { Move } from "./move.ts";
import type { Point } from "./point.ts";
import type { Strategy } from "./strategy.ts";

export interface RandomOptions {
  readonly seed: string;
  /** How likely a step lets two ready sessions go at once where there are two; 0 unless given. */
  readonly overlaps?: number | undefined;
}

/**
 * Uniform among the ready sessions at every step. Endless: every schedule is another one, drawn from a
 * stream that the seed and the schedule's number name, so that one of them needs none of the others.
 *
 * @throws RangeError when `overlaps` is no probability
 */
export function randomStrategy({ seed, overlaps = 0 }: RandomOptions): Strategy {
  if (!(overlaps >= 0 && overlaps <= 1))
    throw new RangeError(`overlaps needs a probability from 0 to 1, got ${overlaps}`);
  let rng = scheduleStream(seed, 0);
  return {
    name: "random",
    begin: (schedule) => {
      rng = scheduleStream(seed, schedule);
    },
    pick: ({ ready }): Move => {
      if (ready.length > 1 && overlaps > 0 && rng.chance(overlaps))
        return { kind: "overlap", sessions: pickTwo(ready, rng) };
      return { kind: "grant", session: rng.pick(ready).session };
    },
    end: () => true,
  };
}

/** The stream of random numbers that belongs to one schedule of an exploration. */
export function scheduleStream(seed: string, schedule: number, concern = "scheduler"): Rng {
  return stream(seed, `${concern}/${schedule}`);
}

/** Two different sessions in the order in which they are let go, every pair equally likely. */
function pickTwo(ready: readonly Point[], rng: Rng): readonly [number, number] {
  const first = rng.pick(ready);
  const second = rng.pick(ready.filter((point) => point !== first));
  return [first.session, second.session];
}
