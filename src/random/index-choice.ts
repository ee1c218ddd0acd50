import type { Rng } from "./rng.ts";

/** Chooses a position from 0, with one draw from the stream. Holds no state of its own. */
export type IndexChoice = (rng: Rng) => number;

/** Every one of `count` positions equally often. @throws RangeError unless count is an integer ≥ 1. */
export function uniform(count: number): IndexChoice {
  requireCount(count);
  return (rng) => rng.int(count);
}

/**
 * Position 0 is `base` times as likely as position 1, which is `base` times as likely as 2, and so
 * on: the key distribution that Elle's generators call exponential.
 *
 * @throws RangeError unless count is an integer ≥ 1 and base a finite number ≥ 1
 */
export function exponential(count: number, base = 2): IndexChoice {
  requireCount(count);
  if (!Number.isFinite(base) || base < 1)
    throw new RangeError(`exponential() needs a finite base ≥ 1, got ${base}`);
  const weights: number[] = [];
  let weight = 1;
  for (let position = 0; position < count; position += 1) {
    weights.push(weight);
    weight /= base;
  }
  return weighted(weights);
}

/**
 * Position i with a probability proportional to 1/(i+1), Zipf's law with exponent 1: a few hot
 * positions and a long, still busy tail. Uses division alone, so it is the same on every machine.
 *
 * @throws RangeError unless count is an integer ≥ 1
 */
export function zipf(count: number): IndexChoice {
  requireCount(count);
  return weighted(Array.from({ length: count }, (_, position) => 1 / (position + 1)));
}

/**
 * Position i with a probability proportional to `weights[i]`; weight 0 never. Building costs
 * O(positions), choosing O(log positions).
 *
 * @throws RangeError unless the weights are finite, none is negative and one is above 0
 */
export function weighted(weights: readonly number[]): IndexChoice {
  const upTo: number[] = [];
  let total = 0;
  for (const weight of weights) {
    if (!(weight >= 0)) throw new RangeError(`a weight is a number ≥ 0, got ${weight}`);
    total += weight;
    upTo.push(total);
  }
  if (!(total > 0) || !Number.isFinite(total))
    throw new RangeError(`weights need a finite sum above 0, got ${total}`);
  return (rng) => firstAbove(upTo, rng.float() * total);
}

/** The first position whose cumulative weight is above the target, which is below the last one. */
function firstAbove(upTo: readonly number[], target: number): number {
  let low = 0;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((upTo[middle] ?? Infinity) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

function requireCount(count: number): void {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`a choice needs an integer ≥ 1 of positions, got ${count}`);
}
