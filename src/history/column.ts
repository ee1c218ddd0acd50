type Numbers = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** A typed array that grows: amortized constant time per element, no object per element. */
export class Column<A extends Numbers> {
  length = 0;
  readonly #make: (capacity: number) => A;
  #array: A;

  constructor(make: (capacity: number) => A) {
    this.#make = make;
    this.#array = make(64);
  }

  push(value: number): void {
    if (this.length === this.#array.length) this.#grow();
    this.#array[this.length++] = value;
  }

  /** Overwrites an element that was pushed before. */
  set(position: number, value: number): void {
    this.#array[position] = value;
  }

  /** A copy of exactly the pushed elements. */
  toArray(): A {
    const copy = this.#make(this.length);
    copy.set(this.#array.subarray(0, this.length));
    return copy;
  }

  #grow(): void {
    const larger = this.#make(this.#array.length * 2);
    larger.set(this.#array);
    this.#array = larger;
  }
}
