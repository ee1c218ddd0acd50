import { IntColumn } from "../../graph/int-column.ts";
import { none } from "../element-table.ts";
import { absent, PairIndex } from "../pair-index.ts";

/** Pairs of versions of which the first is known to come first, to be asked from both ends. */
export class KnownPairs {
  readonly #index = new PairIndex();
  readonly #from = new IntColumn();
  readonly #to = new IntColumn();
  /** By version: its last pair as the first, and as the second; by pair: the one before it. */
  readonly #lastFrom: Int32Array;
  readonly #lastTo: Int32Array;
  readonly #previousFrom = new IntColumn();
  readonly #previousTo = new IntColumn();

  constructor(versions: number) {
    this.#lastFrom = new Int32Array(versions).fill(none);
    this.#lastTo = new Int32Array(versions).fill(none);
  }

  /** Whether the pair is new. */
  add(from: number, to: number): boolean {
    if (this.#index.get(from, to) !== absent) return false;
    const pair = this.#from.length;
    this.#index.set(from, to, pair);
    this.#from.push(from);
    this.#to.push(to);
    this.#previousFrom.push(this.#lastFrom[from] ?? none);
    this.#previousTo.push(this.#lastTo[to] ?? none);
    this.#lastFrom[from] = pair;
    this.#lastTo[to] = pair;
    return true;
  }

  /** Whether some version that comes after this one is wanted. */
  someAfter(version: number, wanted: (later: number) => boolean): boolean {
    for (let pair = this.#lastFrom[version] ?? none; pair !== none; pair = this.#previousFrom.at(pair))
      if (wanted(this.#to.at(pair))) return true;
    return false;
  }

  /** Calls back with every version that comes before this one. */
  eachBefore(version: number, use: (earlier: number) => void): void {
    for (let pair = this.#lastTo[version] ?? none; pair !== none; pair = this.#previousTo.at(pair))
      use(this.#from.at(pair));
  }
}
