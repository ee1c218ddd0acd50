import { type History, typeCode } from "../../history/history.ts";

/** No node: the row is no transaction that may have committed. */
export const noNode = -1;

/**
 * The transactions of a history as the nodes of its graph: rows that may have committed, in row order.
 *
 * A transaction is the completion of a client's operation (a numbered process) whose value is a list of
 * micro-operations, or an invocation that never completed. `ok` rows and rows whose outcome is not
 * known (`info`, never completed) are nodes; `fail` rows are not, but their writes are of interest.
 */
export interface Transactions {
  readonly history: History;
  /** Number of nodes. */
  readonly count: number;
  /** Row of each node; ascending. */
  readonly row: Int32Array;
  /** Node of each row, or {@link noNode}. */
  readonly node: Int32Array;
  /** Rows of transactions that surely failed; ascending. */
  readonly failed: Int32Array;
  /** 1 for nodes that surely committed. */
  readonly committed: Uint8Array;
}

/** Numbers the transactions. Linear in the rows. */
export function transactions(history: History): Transactions {
  const { length } = history;
  const node = new Int32Array(length).fill(noNode);
  const row = new Int32Array(length);
  const failed = new Int32Array(length);
  const committed = new Uint8Array(length);
  let count = 0;
  let failures = 0;
  for (let at = 0; at < length; at++) {
    if ((history.process[at] ?? -1) < 0 || !hasMops(history, mopRow(history, at))) continue;
    const type = history.type[at];
    if (type === typeCode.fail) failed[failures++] = at;
    if (type === typeCode.fail || (type === typeCode.invoke && history.pair[at] !== -1)) continue;
    if (type === typeCode.ok) committed[count] = 1;
    node[at] = count;
    row[count++] = at;
  }
  return {
    history,
    count,
    row: row.slice(0, count),
    node,
    failed: failed.slice(0, failures),
    committed: committed.slice(0, count),
  };
}

/**
 * The row that holds a transaction's micro-operations: its own, or that of the invocation where a
 * completion says nothing (as clients do that only note an error).
 */
export function mopRow(history: History, row: number): number {
  const pair = history.pair[row] ?? -1;
  return !hasMops(history, row) && pair >= 0 && pair < row && history.type[row] !== typeCode.ok ? pair : row;
}

function hasMops({ mopStart }: History, row: number): boolean {
  return (mopStart[row] ?? 0) < (mopStart[row + 1] ?? 0);
}
