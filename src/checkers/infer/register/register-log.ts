import { type History, mopKindCode, shapeCode, typeCode } from "../../../history/history.ts";
import { writerState } from "../element-table.ts";
import { mopRow, noNode, type Transactions } from "../transactions.ts";

/**
 * Every read and write of registers, sorted by key, then by row, then as the transaction has them. Writes
 * of every outcome; reads of committed transactions only, since nobody knows what others saw.
 *
 * Key k's entries are `start[k]` (inclusive) to `end[k]` (exclusive) of the other columns.
 */
export interface RegisterLog {
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** Row of the transaction's completion (of its invocation, if it never completed). */
  readonly row: Int32Array;
  /** Row of the micro-operation. */
  readonly mop: Int32Array;
}

/** Collects them: two passes over the micro-operations, a counting sort by key. */
export function registerLog(transactions: Transactions): RegisterLog {
  const { history } = transactions;
  const { mopKey } = history;
  const start = new Uint32Array(history.keys.length + 1);
  eachEntry(transactions, (mop) => {
    const slot = (mopKey[mop] ?? 0) + 1;
    start[slot] = (start[slot] ?? 0) + 1;
  });
  for (let key = 0; key + 1 < start.length; key++) start[key + 1] = (start[key + 1] ?? 0) + (start[key] ?? 0);
  const end = start.slice(0, -1);
  const total = start[start.length - 1] ?? 0;
  const row = new Int32Array(total);
  const mops = new Int32Array(total);
  eachEntry(transactions, (mop, at) => {
    const key = mopKey[mop] ?? 0;
    const entry = end[key] ?? 0;
    row[entry] = at;
    mops[entry] = mop;
    end[key] = entry + 1;
  });
  return { start, end, row, mop: mops };
}

/** What is known of the transaction that ends at a row: a code of `writerState`. */
export function stateOfRow({ history, committed, node }: Transactions, row: number): number {
  if (history.type[row] === typeCode.fail) return writerState.failed;
  return committed[node[row] ?? 0] === 1 ? writerState.committed : writerState.unknown;
}

/** Whether an entry's micro-operation is a write. */
export function isWrite({ mopKind }: History, mop: number): boolean {
  return mopKind[mop] === mopKindCode.w;
}

/** Why a write or a read is none of a register, or null. */
export function notPlain({ mopKind, mopShape }: History, mop: number): "writes" | "reads" | null {
  if (mopShape[mop] === shapeCode.scalar) return null;
  if (mopKind[mop] === mopKindCode.w) return "writes";
  return mopShape[mop] === shapeCode.none ? null : "reads";
}

function eachEntry(
  { history, node, committed }: Transactions,
  use: (mop: number, row: number) => void,
): void {
  const { length, process, type, mopStart, mopKind } = history;
  const unmatched = unmatchedProcesses(history);
  for (let row = 0; row < length; row++) {
    const at = node[row] ?? noNode;
    if (at === noNode && (type[row] !== typeCode.fail || (process[row] ?? -1) < 0)) continue;
    if (type[row] === typeCode.invoke && unmatched.has(process[row] ?? -1)) continue;
    const reads = at !== noNode && committed[at] === 1;
    const source = mopRow(history, row);
    const end = mopStart[source + 1] ?? 0;
    for (let mop = mopStart[source] ?? 0; mop < end; mop++) {
      const kind = mopKind[mop];
      if (kind === mopKindCode.w || (reads && kind === mopKindCode.r)) use(mop, row);
    }
  }
}

/**
 * Processes with completions that no invocation could be matched with: what their unmatched invocations
 * wrote, those completions may have written, so it must not count twice.
 */
function unmatchedProcesses({ length, process, type, pair }: History): ReadonlySet<number> {
  const found = new Set<number>();
  for (let row = 0; row < length; row++)
    if (type[row] !== typeCode.invoke && pair[row] === -1) found.add(process[row] ?? -1);
  return found;
}
