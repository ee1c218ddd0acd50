/** The keys in use: one per slot, and how often each was written. Immutable. */
export interface KeyPool {
  readonly keys: readonly number[];
  readonly writes: readonly number[];
  /** The key that takes the place of the next one retired. */
  readonly nextKey: number;
}

/** Keys 0 to count-1, none of them written yet. */
export function blankPool(count: number): KeyPool {
  return {
    keys: Array.from({ length: count }, (_, slot) => slot),
    writes: Array.from({ length: count }, () => 0),
    nextKey: count,
  };
}

/** Changes to a pool during one transaction. The pool it began with stays as it is. */
export interface PoolWriter {
  /** The key in the slot at this moment. */
  key(slot: number): number;
  /** Counts a write to the slot's key, a fresh key where the old one is full; the element to write. */
  write(slot: number): number;
  /** The pool after the changes. */
  pool(): KeyPool;
}

/** Cost: O(slots) for a write, O(1) for everything else. */
export function poolWriter(before: KeyPool, maxWritesPerKey: number): PoolWriter {
  let keys = before.keys;
  let writes = before.writes;
  let nextKey = before.nextKey;
  return {
    key: (slot) => at(keys, slot),
    write: (slot) => {
      const written = at(writes, slot);
      const retires = written >= maxWritesPerKey;
      const element = retires ? 1 : written + 1;
      if (retires) {
        keys = keys.with(slot, nextKey);
        nextKey += 1;
      }
      writes = writes.with(slot, element);
      return element;
    },
    pool: () => ({ keys, writes, nextKey }),
  };
}

function at(numbers: readonly number[], slot: number): number {
  const number = numbers[slot];
  if (number === undefined) throw new RangeError(`a pool of ${numbers.length} keys has no slot ${slot}`);
  return number;
}
