import { typeCode } from "./history.ts";

/** In place of a row: the process has several operations open. */
const ambiguous = -1;

/**
 * Matches completions with invocations while operations arrive in order: a process has at most one
 * operation open, and its next `ok`, `fail` or `info` closes it (Jepsen's rule). Where a process of
 * somebody else's history has several open, none of them is matched, because a wrong match would
 * claim a real-time order that never was. Never throws. Constant time per operation.
 */
export class Pairing {
  readonly #open = new Map<number, { row: number; count: number }>();

  /** The row of the invocation that this row completes, or -1. Types are {@link typeCode}. */
  add(row: number, process: number, type: number): number {
    const open = this.#open.get(process);
    if (type === typeCode.invoke) {
      if (open === undefined) {
        this.#open.set(process, { row, count: 1 });
      } else {
        open.row = open.count === 0 ? row : ambiguous;
        open.count++;
      }
      return -1;
    }
    if (open === undefined || open.count === 0) return -1;
    open.count--;
    return open.row;
  }
}
