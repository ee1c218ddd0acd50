import { CaseTally } from "../case-tally.ts";
import type { Cases } from "../cases.ts";
import { witnessesPerType } from "../verdict.ts";

/** A proven anomaly that is no cycle, as data: which rows, which key and element. */
export interface Finding {
  readonly type: string;
  /** Rows of the operations that prove it, in the order in which the explanation speaks of them. */
  readonly rows: readonly number[];
  /** Position in the history's keys. */
  readonly key: number;
  /** Position in the history's values; -1 where no single element is meant. */
  readonly element: number;
}

/** Collects findings, the first few of each type, and counts the others: a broken history may hold millions. */
export class Findings {
  readonly #byType = new Map<string, Finding[]>();
  readonly #tallies = new Map<string, CaseTally>();

  /** Counts the finding, and keeps it unless enough of its type are there. */
  add(type: string, rows: readonly number[], key: number, element = -1): void {
    const kept = this.#byType.get(type);
    if (kept === undefined) this.#byType.set(type, [{ type, rows, key, element }]);
    else if (kept.length < witnessesPerType) kept.push({ type, rows, key, element });
    this.#tally(type).add(rows);
  }

  /** Adds the first of perhaps many that nobody counts. */
  addFirst(...finding: Parameters<Findings["add"]>): void {
    this.add(...finding);
    this.#tally(finding[0]).mayBeMore();
  }

  /** All kept, by type. */
  all(): ReadonlyMap<string, readonly Finding[]> {
    return this.#byType;
  }

  /**
   * How many there were of each type.
   * @param index of each row in the history
   */
  cases(index: ArrayLike<number>): ReadonlyMap<string, Cases> {
    return new Map([...this.#tallies].map(([type, tally]) => [type, tally.cases(index)]));
  }

  #tally(type: string): CaseTally {
    let tally = this.#tallies.get(type);
    if (tally === undefined) this.#tallies.set(type, (tally = new CaseTally()));
    return tally;
  }
}
