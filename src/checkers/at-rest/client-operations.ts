import { type History, typeCode } from "../../history/history.ts";
import { mopRow } from "../infer/transactions.ts";

/** The `f` of the final reads, which begin once no other session of the run is left on the server. */
export const readAtRest = "read-at-rest";

/** Before every row: where an operation began that has no invocation. */
export const beforeAll = -1;

/** Every operation of a client, of any outcome, in the order of their completions. */
export interface ClientOperations {
  readonly count: number;
  /** Row of the completion; of the invocation where there is none. */
  readonly row: Int32Array;
  /** The row that holds the micro-operations, perhaps none. */
  readonly source: Int32Array;
}

/** Collects them. Linear. */
export function clientOperations(history: History): ClientOperations {
  const { length, process, type, pair } = history;
  const rows = new Int32Array(length);
  const sources = new Int32Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) {
    if ((process[row] ?? -1) < 0 || (type[row] === typeCode.invoke && pair[row] !== -1)) continue;
    rows[count] = row;
    sources[count++] = mopRow(history, row);
  }
  return { count, row: rows.subarray(0, count), source: sources.subarray(0, count) };
}

/** The row where an operation began: nothing of it happened before. {@link beforeAll} where nobody knows. */
export function beganAt({ type, pair }: History, row: number): number {
  return type[row] === typeCode.invoke ? row : (pair[row] ?? beforeAll);
}

/**
 * The row by which an operation was over. One of unknown outcome may take effect at any later time, so it has
 * no end: the length of the history.
 */
export function endedAt(history: History, row: number): number {
  return isUnknown(history, row) ? history.length : row;
}

/** Whether nobody knows if an operation committed: it ended in `info`, or never. */
export function isUnknown({ type }: History, row: number): boolean {
  return type[row] === typeCode.info || type[row] === typeCode.invoke;
}
