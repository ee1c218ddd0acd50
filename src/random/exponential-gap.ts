import type { Rng } from "./rng.ts";

/**
 * The time to the next event of a Poisson process: exponentially distributed around the mean, at
 * least 1. Whole nanoseconds, by inversion of the distribution function, with one draw.
 *
 * @throws RangeError unless the mean is a finite number above 0
 */
export function exponentialGap(rng: Rng, meanNanos: number): number {
  if (!Number.isFinite(meanNanos) || meanNanos <= 0)
    throw new RangeError(`a mean gap is a finite number of nanoseconds above 0, got ${meanNanos}`);
  return Math.max(1, Math.round(-Math.log(1 - rng.float()) * meanNanos));
}
