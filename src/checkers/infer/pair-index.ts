/** The answer for a pair that was never set. */
export const absent = -1;

/**
 * A hash table from pairs of non-negative integers to integers, in three typed arrays: open addressing
 * with linear probing, at most half full. Constant expected time, 24 bytes per entry at least.
 */
export class PairIndex {
  #first: Int32Array;
  #second: Int32Array;
  #value: Int32Array;
  #mask: number;
  #size = 0;

  constructor(expected = 8) {
    let capacity = 16;
    while (capacity < expected * 2) capacity *= 2;
    this.#first = new Int32Array(capacity).fill(absent);
    this.#second = new Int32Array(capacity);
    this.#value = new Int32Array(capacity);
    this.#mask = capacity - 1;
  }

  get(first: number, second: number): number {
    const at = this.#slot(first, second);
    return this.#first[at] === absent ? absent : (this.#value[at] ?? absent);
  }

  set(first: number, second: number, value: number): void {
    const at = this.#slot(first, second);
    if (this.#first[at] === absent) {
      this.#first[at] = first;
      this.#second[at] = second;
      this.#size++;
    }
    this.#value[at] = value;
    if (this.#size * 2 > this.#mask) this.#grow();
  }

  #slot(first: number, second: number): number {
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let at = (hash ^ (hash >>> 13)) & this.#mask;
    while (this.#first[at] !== absent && (this.#first[at] !== first || this.#second[at] !== second))
      at = (at + 1) & this.#mask;
    return at;
  }

  #grow(): void {
    const first = this.#first;
    const second = this.#second;
    const value = this.#value;
    const capacity = first.length * 2;
    this.#first = new Int32Array(capacity).fill(absent);
    this.#second = new Int32Array(capacity);
    this.#value = new Int32Array(capacity);
    this.#mask = capacity - 1;
    this.#size = 0;
    for (let i = 0; i < first.length; i++)
      if (first[i] !== absent) this.set(first[i] ?? 0, second[i] ?? 0, value[i] ?? 0);
  }
}
