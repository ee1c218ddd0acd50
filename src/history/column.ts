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
    if (this.length === this.#array.length) this.#grow(this.length + 1);
    this.#array[this.length++] = value;
  }

  /** Appends zeros until there are `length` elements. */
  extend(length: number): void {
    if (length > this.#array.length) this.#grow(length);
    if (length > this.length) this.length = length;
  }

  /** One element; 0 beyond the end. */
  at(position: number): number {
    return this.#array[position] ?? 0;
  }

  /** Overwrites an element that was pushed before. */
  set(position: number, value: number): void {
    this.#array[position] = value;
  }

  /** Copies elements over others; both ranges exist. */
  copyWithin(target: number, from: number, to: number): void {
    this.#array.copyWithin(target, from, to);
  }

  /** Copies a range of other elements over elements that were pushed before. */
  write(target: number, source: A, from: number, to: number): void {
    for (let i = from; i < to; i++) this.#array[target++] = source[i] ?? 0;
  }

  /** The array itself, with room after the last element, until the column grows. */
  all(): A {
    return this.#array;
  }

  /**
   * The pushed elements, not copied: later pushes do not show in it, later changes of its elements may.
   */
  view(): A {
    return this.#array.subarray(0, this.length) as A;
  }

  #grow(needed: number): void {
    let capacity = this.#array.length * 2;
    while (capacity < needed) capacity *= 2;
    const larger = this.#make(capacity);
    larger.set(this.#array);
    this.#array = larger;
  }
}

export const float64 = (capacity: number): Float64Array => new Float64Array(capacity);
export const int32 = (capacity: number): Int32Array => new Int32Array(capacity);
export const uint32 = (capacity: number): Uint32Array => new Uint32Array(capacity);
export const uint8 = (capacity: number): Uint8Array => new Uint8Array(capacity);
