import type { RegisterHistory } from "./register-history.ts";

/** A bound: written keys are listed rather than searched up to this many. */
const few = 16;

/**
 * Finds the keys that a node wrote among some given ones. {@link WrittenKeys.common} walks through the
 * smaller of the two sets, which is what keeps read committed and read atomic within O(n^1.5) (AWDIT
 * 2025, the bound for both), up to a logarithm where a transaction writes many keys.
 */
export class WrittenKeys {
  readonly #start: Uint32Array;
  /** As in the history; sorted within nodes that wrote more than {@link few}. */
  readonly #keys: Int32Array;

  constructor({ writeStart, writeKey }: RegisterHistory) {
    this.#start = writeStart;
    this.#keys = writeKey.slice();
    for (let node = 0; node + 1 < writeStart.length; node++) {
      const from = writeStart[node] ?? 0;
      const to = writeStart[node + 1] ?? 0;
      if (to - from > few) this.#keys.subarray(from, to).sort();
    }
  }

  /**
   * Calls back with the keys that `node` wrote and that are, by `isMember`, among `members`.
   * @param size how many of `members` count
   */
  common(
    node: number,
    members: Int32Array,
    size: number,
    isMember: (key: number) => boolean,
    use: (key: number) => void,
  ): void {
    const from = this.#start[node] ?? 0;
    const to = this.#start[node + 1] ?? 0;
    if (to - from <= few || to - from <= size) {
      for (let at = from; at < to; at++) {
        const key = this.#keys[at] ?? 0;
        if (isMember(key)) use(key);
      }
    } else {
      for (let i = 0; i < size; i++) {
        const key = members[i] ?? 0;
        if (this.#has(from, to, key)) use(key);
      }
    }
  }

  #has(from: number, to: number, key: number): boolean {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return low < to && this.#keys[low] === key;
  }
}
