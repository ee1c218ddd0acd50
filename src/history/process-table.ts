import { Column, float64, int32, uint8 } from "./column.ts";
import { typeCode } from "./history.ts";
import { absent, NumberTable } from "./number-table.ts";

/** In place of a row: the process has several operations open. */
const ambiguous = -1;

/** What can be wrong with the next operation of a process; see {@link ProcessTable.problem}. */
export const processProblem = {
  none: 0,
  /** It acts after one of its operations ended in `info`. */
  crashed: 1,
  /** It invokes while it has an operation open. */
  overlap: 2,
  /** It completes what it never invoked. */
  alone: 3,
  /** It completes another function than it invoked. */
  otherFunction: 4,
} as const;

/**
 * What each process has open while operations arrive in order. Matches completions with invocations: a
 * process has at most one operation open, and its next `ok`, `fail` or `info` closes it (Jepsen's rule).
 * Where a process of somebody else's history has several open, none of them is matched, because a wrong
 * match would claim a real-time order that never was.
 *
 * Processes, types and functions are as in the columns of `History`. Constant time per operation; memory:
 * some thirty bytes per process.
 */
export class ProcessTable {
  readonly #slots = new NumberTable();
  /** Row of the first open invocation, or {@link ambiguous}. */
  readonly #openRow = new Column(int32);
  readonly #openCount = new Column(int32);
  /** The latest invocation since the last completion, plus one; 0 for none. */
  readonly #latestIndex = new Column(float64);
  readonly #latestFunction = new Column(int32);
  readonly #overlapped = new Column(uint8);
  readonly #crashed = new Column(uint8);

  /** A number for a process, from 0. */
  slot(process: number): number {
    const known = this.#slots.get(process);
    if (known !== absent) return known;
    const slot = this.#openRow.length;
    this.#slots.add(process, slot);
    for (const column of [this.#openRow, this.#openCount, this.#latestIndex, this.#latestFunction])
      column.push(0);
    this.#overlapped.push(0);
    this.#crashed.push(0);
    return slot;
  }

  /**
   * What is wrong with an operation that comes next, a code of {@link processProblem}. For a history of
   * our own (`own`) also: no completion without an invocation, and no numbered process acts after its
   * operation ended in `info`. A named process may always report alone.
   */
  problem(slot: number, process: number, type: number, f: number, own: boolean): number {
    if (own && process >= 0 && this.#crashed.at(slot) === 1) return processProblem.crashed;
    const open = this.#latestIndex.at(slot) > 0;
    if (type === typeCode.invoke) return open ? processProblem.overlap : processProblem.none;
    if (!open) return own && process >= 0 ? processProblem.alone : processProblem.none;
    const matches = this.#latestFunction.at(slot) === f || this.#overlapped.at(slot) === 1;
    return matches ? processProblem.none : processProblem.otherFunction;
  }

  /** The index of the invocation that the process has open, and its function. */
  latest(slot: number): { readonly index: number; readonly f: number } {
    return { index: this.#latestIndex.at(slot) - 1, f: this.#latestFunction.at(slot) };
  }

  /** Takes an operation, and answers the row of the invocation that it completes, or -1. */
  add(row: number, index: number, slot: number, type: number, f: number): number {
    const count = this.#openCount.at(slot);
    if (type === typeCode.invoke) {
      this.#openRow.set(slot, count === 0 ? row : ambiguous);
      this.#openCount.set(slot, count + 1);
      if (this.#latestIndex.at(slot) > 0) this.#overlapped.set(slot, 1);
      this.#latestIndex.set(slot, index + 1);
      this.#latestFunction.set(slot, f);
      return -1;
    }
    this.#latestIndex.set(slot, 0);
    if (type === typeCode.info) this.#crashed.set(slot, 1);
    if (count === 0) return -1;
    this.#openCount.set(slot, count - 1);
    return this.#openRow.at(slot);
  }
}
