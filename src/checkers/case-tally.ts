import type { Cases } from "./cases.ts";

/** Counts cases of one anomaly by the rows of their operations. One byte for each row up to the last that was named. */
export class CaseTally {
  #count = 0;
  #more = false;
  #operations = 0;
  #first = Infinity;
  #named = new Uint8Array(64);

  /** @param rows of the operations that the case names */
  add(rows: readonly number[]): void {
    this.#count++;
    for (const row of rows) this.#name(row);
  }

  /** What is counted is a lower bound. */
  mayBeMore(): void {
    this.#more = true;
  }

  /** @param index of each row in the history; ascending */
  cases(index: ArrayLike<number>): Cases {
    const [count, more, operations] = [this.#count, this.#more, this.#operations];
    return { count, more, operations, firstOperation: index[this.#first] ?? null };
  }

  #name(row: number): void {
    if (row >= this.#named.length) this.#grow(row + 1);
    if (this.#named[row] === 1) return;
    this.#named[row] = 1;
    this.#operations++;
    if (row < this.#first) this.#first = row;
  }

  #grow(length: number): void {
    const larger = new Uint8Array(Math.max(length, this.#named.length * 2));
    larger.set(this.#named);
    this.#named = larger;
  }
}
