import { type History, typeCode } from "../../history/history.ts";
import { mopRow } from "../infer/transactions.ts";

/** The `f` of the final reads, which begin once no other session of the run is left on the server. */
export const readAtRest = "read-at-rest";

/** Before every row: where an operation began that has no invocation. */
export const beforeAll = -1;

/**
 * Calls back with every operation of a client, in the order of their completions; one that never completed
 * comes at its invocation. Linear.
 *
 * @param use `row` its completion (its invocation where there is none); `source` the row that holds its
 *   micro-operations, perhaps none
 */
export function eachOperation(history: History, use: (row: number, source: number) => void): void {
  const { length, process, type, pair } = history;
  for (let row = 0; row < length; row++)
    if ((process[row] ?? -1) >= 0 && (type[row] !== typeCode.invoke || pair[row] === -1))
      use(row, mopRow(history, row));
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
