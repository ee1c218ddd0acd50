import seedrandom from "seedrandom";

/** One stream of pseudo-random numbers. Stateful: every call moves it on. */
export interface Rng {
  /** Uniform in [0, 1), 32 bits of it random. */
  float(): number;
  /** Uniform integer in [0, bound). @throws RangeError unless bound is an integer ≥ 1. */
  int(bound: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items, uniformly. @throws RangeError when there is none. */
  pick<T>(items: readonly T[]): T;
}

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
    if (!Number.isInteger(bound) || bound < 1)
      throw new RangeError(`int(bound) needs an integer ≥ 1, got ${bound}`);
    return Math.floor(float() * bound);
  };
  return {
    float,
    int,
    chance: (probability) => float() < probability,
    pick: (items) => {
      const item = items[int(items.length)];
      return item as (typeof items)[number];
    },
  };
}
