/** The answer for a number that is not in the table. */
export const absent = -1;

/** Integers from 0 to below this are looked up in an array instead of the hash table. */
const smallLimit = 1 << 22;

/**
 * A map from numbers (no NaN; the two zeros are one) to non-negative integers, in typed arrays: an array
 * for small integers, a hash table with linear probing, at most half full, for the rest. Constant
 * expected time; 4 bytes up to the largest small integer, 24 to 48 bytes for each other number.
 */
export class NumberTable {
  /** By small integer: its entry plus one, 0 for none. */
  #small: Uint32Array = new Uint32Array(256);
  #keys: Float64Array = new Float64Array(64);
  /** By slot: the entry plus one, 0 for a free slot. */
  #entries: Uint32Array = new Uint32Array(64);
  #size = 0;

  get(key: number): number {
    const small = key | 0;
    if (small === key && small >= 0 && small < smallLimit) return (this.#small[small] ?? 0) - 1;
    return (this.#entries[this.#slot(key)] ?? 0) - 1;
  }

  /** Adds an entry for a number that has none. */
  add(key: number, entry: number): void {
    const small = key | 0;
    if (small === key && small >= 0 && small < smallLimit) {
      if (small >= this.#small.length) this.#growSmall(small);
      this.#small[small] = entry + 1;
      return;
    }
    if ((this.#size + 1) * 2 > this.#keys.length) this.#rehash();
    const slot = this.#slot(key);
    this.#keys[slot] = key;
    this.#entries[slot] = entry + 1;
    this.#size++;
  }

  #slot(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = hash(key) & mask;
    while (this.#entries[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #growSmall(key: number): void {
    let capacity = this.#small.length;
    while (capacity <= key) capacity *= 2;
    const larger = new Uint32Array(capacity);
    larger.set(this.#small);
    this.#small = larger;
  }

  #rehash(): void {
    const keys = this.#keys;
    const entries = this.#entries;
    this.#keys = new Float64Array(keys.length * 2);
    this.#entries = new Uint32Array(keys.length * 2);
    for (let old = 0; old < keys.length; old++) {
      if (entries[old] === 0) continue;
      const slot = this.#slot(keys[old] ?? 0);
      this.#keys[slot] = keys[old] ?? 0;
      this.#entries[slot] = entries[old] ?? 0;
    }
  }
}

const bits = new Float64Array(1);
const words = new Int32Array(bits.buffer);

function hash(key: number): number {
  bits[0] = key;
  let mixed = Math.imul((words[0] ?? 0) ^ Math.imul(words[1] ?? 0, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}
