/**
 * The completed transactions that no other completed one follows in real time: whatever begins next
 * follows these immediately. Moments number the points at which invocations follow completions.
 *
 * A transaction belongs from the moment after its completion until one that began at or after that
 * moment has completed; so members leave in the order in which they came.
 */
export class Frontier {
  moment = 0;
  /** The latest moment at which a completed transaction began. */
  latestBegin = 0;
  /** Whether the last moment dropped members. */
  shrank = false;
  /** Those completed since the moment before. */
  fresh: number[] = [];
  /** By node: the moment at which it began, 0 for before all. */
  readonly begin: Int32Array;
  /** By node: its first moment as a member. */
  readonly #since: Int32Array;
  #waiting: number[] = [];
  readonly #queue: Int32Array;
  #head = 0;
  #tail = 0;

  constructor(nodes: number) {
    this.begin = new Int32Array(nodes);
    this.#since = new Int32Array(nodes);
    this.#queue = new Int32Array(nodes);
  }

  /** A committed transaction completed. */
  completed(node: number): void {
    this.#waiting.push(node);
  }

  /** A transaction begins. Whether that makes a new moment, with other members. */
  begins(node: number): boolean {
    const moved = this.#waiting.length > 0;
    if (moved) this.#advance();
    this.begin[node] = this.moment;
    return moved;
  }

  /** Calls back with each member, the longest-standing first. */
  each(use: (node: number) => void): void {
    for (let i = this.#head; i < this.#tail; i++) use(this.#queue[i] ?? 0);
  }

  #advance(): void {
    this.moment++;
    this.fresh = this.#waiting;
    this.#waiting = [];
    for (const node of this.fresh) {
      this.#since[node] = this.moment;
      this.#queue[this.#tail++] = node;
      this.latestBegin = Math.max(this.latestBegin, this.begin[node] ?? 0);
    }
    const head = this.#head;
    while (this.#head < this.#tail && (this.#since[this.#queue[this.#head] ?? 0] ?? 0) <= this.latestBegin)
      this.#head++;
    this.shrank = this.#head > head;
  }
}
