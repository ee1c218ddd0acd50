/** The answer for a pair that was never set. */
export const absent = -1;

/**
 * A map from keys and elements to integers (all from 0), for histories whose keys come and go: each key
 * has a hash table of its own, all in one typed array, so that what is used together lies together.
 * Linear probing, at most half full. Constant expected time, 16 to 32 bytes per pair.
 */
export class KeyedIndex {
  /** Of key k, the first slot; the mask of a slot within its table. */
  readonly #start: Uint32Array;
  readonly #mask: Uint32Array;
  /** By slot: element plus one (0: free), value. */
  readonly #slots: Int32Array;

  /** @param most by key, how many of its elements may be set */
  constructor(most: Uint32Array) {
    this.#start = new Uint32Array(most.length);
    this.#mask = new Uint32Array(most.length);
    let slots = 0;
    most.forEach((count, key) => {
      let capacity = 2;
      while (capacity < 2 * count) capacity *= 2;
      this.#start[key] = slots;
      this.#mask[key] = capacity - 1;
      slots += capacity;
    });
    this.#slots = new Int32Array(2 * slots);
  }

  get(key: number, element: number): number {
    const at = this.#place(key, element);
    return this.#slots[at] === 0 ? absent : (this.#slots[at + 1] ?? absent);
  }

  /** Sets a pair that was never set; else answers what it was set to and changes nothing. */
  setNew(key: number, element: number, value: number): number {
    const at = this.#place(key, element);
    if (this.#slots[at] !== 0) return this.#slots[at + 1] ?? absent;
    this.#slots[at] = element + 1;
    this.#slots[at + 1] = value;
    return absent;
  }

  #place(key: number, element: number): number {
    const slots = this.#slots;
    const start = this.#start[key] ?? 0;
    const mask = this.#mask[key] ?? 0;
    const hash = Math.imul(element, 0x9e3779b1);
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const at = 2 * (start + slot);
      const there = slots[at];
      if (there === 0 || there === element + 1) return at;
      slot = (slot + 1) & mask;
    }
  }
}
