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

/** Collects findings, the first few of each type: a broken history may hold millions. */
export class Findings {
  readonly #byType = new Map<string, Finding[]>();

  /** Keeps the finding unless enough of its type are there. */
  add(type: string, rows: readonly number[], key: number, element = -1): void {
    const kept = this.#byType.get(type);
    if (kept === undefined) this.#byType.set(type, [{ type, rows, key, element }]);
    else if (kept.length < witnessesPerType) kept.push({ type, rows, key, element });
  }

  /** All kept, by type. */
  all(): ReadonlyMap<string, readonly Finding[]> {
    return this.#byType;
  }
}
