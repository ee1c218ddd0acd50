/**
 * What a breadth-first search keeps of each node and state: in which pass it was seen, and from where it
 * was reached. Wiped in constant time by counting passes, and kept between searches, so that memory is
 * that of the largest one: eight bytes for each node and state.
 */
export class SearchTables {
  #pass = 0;
  #seen = new Int32Array(0);
  #from = new Int32Array(0);

  /** Forgets everything; makes room for entries below `size`. */
  begin(size: number): void {
    if (size > this.#seen.length) {
      this.#seen = new Int32Array(size);
      this.#from = new Int32Array(size);
      this.#pass = 0;
    }
    this.#pass++;
  }

  /** Notes how an entry was reached; false, and nothing noted, if it was before. */
  reach(entry: number, from: number): boolean {
    if (this.#seen[entry] === this.#pass) return false;
    this.#seen[entry] = this.#pass;
    this.#from[entry] = from;
    return true;
  }

  /** The entry from which one was reached. */
  before(entry: number): number {
    return this.#from[entry] ?? 0;
  }
}
