/** The answer for a pair that was never set. */
export const absent = -1;

/** Entries are four numbers apart, so that one lies in one cache line. */
const stride = 4;

/**
 * A hash table from pairs of non-negative integers to integers, in one typed array: open addressing
 * with linear probing, at most half full. Constant expected time, 32 to 64 bytes per entry.
 */
export class PairIndex {
  /** First plus one (0: free), second, value. */
  #entries: Int32Array;
  #mask: number;
  #size = 0;

  /** @param expected how many pairs will be set; more cost time, not correctness */
  constructor(expected = 8) {
    let capacity = 16;
    while (capacity < expected * 2) capacity *= 2;
    this.#entries = new Int32Array(capacity * stride);
    this.#mask = capacity - 1;
  }

  get(first: number, second: number): number {
    const at = this.#place(first, second);
    return this.#entries[at] === 0 ? absent : (this.#entries[at + 2] ?? absent);
  }

  set(first: number, second: number, value: number): void {
    const at = this.#place(first, second);
    if (this.#entries[at] === 0) {
      this.#entries[at] = first + 1;
      this.#entries[at + 1] = second;
      this.#size++;
    }
    this.#entries[at + 2] = value;
    if (this.#size * 2 > this.#mask) this.#grow();
  }

  #place(first: number, second: number): number {
    const entries = this.#entries;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & this.#mask;
    for (;;) {
      const at = slot * stride;
      const there = entries[at];
      if (there === 0 || (there === first + 1 && entries[at + 1] === second)) return at;
      slot = (slot + 1) & this.#mask;
    }
  }

  #grow(): void {
    const old = this.#entries;
    this.#entries = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    this.#size = 0;
    for (let at = 0; at < old.length; at += stride)
      if (old[at] !== 0) this.set((old[at] ?? 0) - 1, old[at + 1] ?? 0, old[at + 2] ?? 0);
  }
}
