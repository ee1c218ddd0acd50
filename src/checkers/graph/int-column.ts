/** A growable column of 32-bit integers. Appending is amortised constant; 4 to 8 bytes per entry. */
export class IntColumn {
  #items: Int32Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#items = new Int32Array(Math.max(16, capacity));
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#items.length) this.#grow();
    this.#items[this.#length++] = value;
  }

  /** One entry; 0 beyond the end. */
  at(position: number): number {
    return this.#items[position] ?? 0;
  }

  /** The entries so far, as a view that stays valid until the next push. */
  view(): Int32Array {
    return this.#items.subarray(0, this.#length);
  }

  #grow(): void {
    const larger = new Int32Array(this.#items.length * 2);
    larger.set(this.#items);
    this.#items = larger;
  }
}
