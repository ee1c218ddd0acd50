import { type History, shapeCode } from "../../history/history.ts";
import { rowValue } from "../infer/versioned/row-value.ts";
import type { ClientOperations } from "./client-operations.ts";
import { written, writtenAs } from "./written-keys.ts";

/** Instead of an element: what was written is not understood. */
export const notUnderstood = -2;

/** The writes of clients to some keys, of any outcome, one column per field. */
export interface WritesByKey {
  /** The writes of key k are entries `start[k]` to `start[k + 1]` (exclusive). */
  readonly start: Uint32Array;
  /** Position in the history's values, `noValue` for a row that is deleted, or {@link notUnderstood}. */
  readonly element: Int32Array;
  /** Row of the writer's completion, or of its invocation if it never completed; ascending within a key. */
  readonly row: Int32Array;
  readonly mop: Int32Array;
}

/**
 * Collects the writes. Linear.
 * @param wanted by key: 1 for those to collect
 */
export function writesByKey(
  history: History,
  { count, row: rows, source }: ClientOperations,
  wanted: Uint8Array,
): WritesByKey {
  const { mopStart, mopKind, mopKey, keys } = history;
  const start = new Uint32Array(keys.length + 1);
  const isWanted = (mop: number): boolean =>
    wanted[mopKey[mop] ?? 0] === 1 && writtenAs[mopKind[mop] ?? 0] !== 0;
  for (let operation = 0; operation < count; operation++) {
    const at = source[operation] ?? 0;
    for (let mop = mopStart[at] ?? 0; mop < (mopStart[at + 1] ?? 0); mop++) {
      const after = (mopKey[mop] ?? 0) + 1;
      if (isWanted(mop)) start[after] = (start[after] ?? 0) + 1;
    }
  }
  for (let key = 0; key < keys.length; key++) start[key + 1] = (start[key + 1] ?? 0) + (start[key] ?? 0);
  const all = start[keys.length] ?? 0;
  const columns = { element: new Int32Array(all), row: new Int32Array(all), mop: new Int32Array(all) };
  const next = start.slice();
  for (let operation = 0; operation < count; operation++) {
    const at = source[operation] ?? 0;
    for (let mop = mopStart[at] ?? 0; mop < (mopStart[at + 1] ?? 0); mop++) {
      if (!isWanted(mop)) continue;
      const key = mopKey[mop] ?? 0;
      const write = next[key] ?? 0;
      next[key] = write + 1;
      columns.element[write] = elementOf(history, mop);
      columns.row[write] = rows[operation] ?? 0;
      columns.mop[write] = mop;
    }
  }
  return { start, ...columns };
}

/** What a micro-operation writes: an element, a value, or nothing where it deletes; see {@link WritesByKey.element}. */
export function elementOf(history: History, mop: number): number {
  if (writtenAs[history.mopKind[mop] ?? 0] === written.value)
    return rowValue(history, mop, true)?.element ?? notUnderstood;
  return history.mopShape[mop] === shapeCode.scalar ? (history.mopValue[mop] ?? 0) : notUnderstood;
}
