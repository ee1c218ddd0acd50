import seedrandom from "seedrandom";

/** One stream of pseudo-random numbers. Stateful: every call moves it on by exactly one draw. */
export interface Rng {
  /** Uniform in [0, 1), 32 bits of it random. */
  float(): number;
  /** Uniform integer in [0, bound). @throws RangeError unless bound is an integer from 1 to 2^32. */
  int(bound: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items, uniformly. @throws RangeError when there is none. */
  pick<T>(items: readonly T[]): T;
}

/** As many different values as one draw has: a larger bound would leave integers that never come. */
const resolution = 2 ** 32;

/**
 * The stream that belongs to one concern of a run. The same seed and name give the same numbers on
 * every machine, and a draw from one stream never shifts another.
 *
 * @param name the concern, e.g. `generator`, `process/3`, `scheduler`
 */
export function stream(seed: string, name: string): Rng {
  const next = seedrandom(`${seed}\u0000${name}`);
  const float = (): number => next.quick();
  const int = (bound: number): number => {
    if (!Number.isInteger(bound) || bound < 1 || bound > resolution)
      throw new RangeError(`int(bound) needs an integer from 1 to 2^32, got ${bound}`);
    return Math.floor(float() * bound);
  };
  return {
    float,
    int,
    chance: (probability) => float() < probability,
    pick: (items) => {
      if (items.length === 0) throw new RangeError("pick(items) needs at least one item");
      const item = items[int(items.length)];
      return item as (typeof items)[number];
    },
  };
}
