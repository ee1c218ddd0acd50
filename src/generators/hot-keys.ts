import type { Draw, Generator } from "./generator.ts";
import { blankPool, poolWriter, type KeyPool } from "./key-pool.ts";
import type { Rng } from "../random/rng.ts";

/** How {@link hotKeys} draws. */
export interface HotKeysOptions<T> {
  /** Keys in use at any time; each draw takes one of them, uniformly. */
  readonly active: number;
  /** After so many uses a key is retired, and a fresh key takes its place. */
  readonly uses: number;
  /** What to do with the key that was drawn: 0, 1, 2, …; further choices are drawn from the stream. */
  readonly operation: (key: number, rng: Rng) => T;
}

/**
 * Endless operations on a few keys at a time, each used a bounded number of times: enough of them
 * collide, and no key's history grows without end.
 *
 * @throws RangeError unless `active` and `uses` are integers ≥ 1
 */
export function hotKeys<T>({ active, uses, operation }: HotKeysOptions<T>): Generator<T> {
  for (const [name, number] of Object.entries({ active, uses })) {
    if (!Number.isInteger(number) || number < 1)
      throw new RangeError(`${name} is an integer ≥ 1, got ${number}`);
  }
  const from = (pool: KeyPool): Generator<T> => ({
    draw: ({ rng }): Draw<T> => {
      const writer = poolWriter(pool, uses);
      const slot = rng.int(active);
      writer.write(slot);
      return {
        kind: "operation",
        operation: operation(writer.key(slot), rng),
        at: 0,
        rest: from(writer.pool()),
      };
    },
  });
  return from(blankPool(active));
}
