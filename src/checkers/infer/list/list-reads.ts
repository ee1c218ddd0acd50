import { type History, mopKindCode, shapeCode } from "../../../history/history.ts";
import type { Transactions } from "../transactions.ts";

/** Calls back with every micro-operation of every committed transaction, in order. */
export function eachCommittedMop(
  { history, count, row, committed }: Transactions,
  use: (mop: number, node: number) => void,
): void {
  for (let node = 0; node < count; node++) {
    if (committed[node] !== 1) continue;
    const at = row[node] ?? 0;
    const end = history.mopStart[at + 1] ?? 0;
    for (let mop = history.mopStart[at] ?? 0; mop < end; mop++) use(mop, node);
  }
}

/** Where a read's elements begin; a read of null is empty. */
export function readFrom({ mopShape, mopValue, listFrom }: History, mop: number): number {
  return mopShape[mop] === shapeCode.list ? (listFrom[mopValue[mop] ?? 0] ?? 0) : 0;
}

/** Where a read's elements end (exclusive). */
export function readTo({ mopShape, mopValue, listTo }: History, mop: number): number {
  return mopShape[mop] === shapeCode.list ? (listTo[mopValue[mop] ?? 0] ?? 0) : 0;
}

/** Whether a micro-operation reads a list or a set. */
export function isRead({ mopKind }: History, mop: number): boolean {
  return mopKind[mop] === mopKindCode.r;
}

/** Whether two ranges of `listItems` hold the same elements over the first `length`. */
export function sameItems(items: Uint32Array, a: number, b: number, length: number): boolean {
  if (a === b) return true;
  for (let i = 0; i < length; i++) if (items[a + i] !== items[b + i]) return false;
  return true;
}
