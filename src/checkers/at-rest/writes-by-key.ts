import { type History, shapeCode } from "../../history/history.ts";
import { rowValue } from "../infer/versioned/row-value.ts";
import { eachOperation } from "./client-operations.ts";
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

/** Collects the writes. Linear. */
export function writesByKey(history: History, isWanted: (key: number) => boolean): WritesByKey {
  const start = new Uint32Array(history.keys.length + 1);
  eachWrite(history, isWanted, (key) => {
    start[key + 1] = (start[key + 1] ?? 0) + 1;
  });
  for (let key = 0; key < history.keys.length; key++)
    start[key + 1] = (start[key + 1] ?? 0) + (start[key] ?? 0);
  const all = start[history.keys.length] ?? 0;
  const [element, rows, mops] = [new Int32Array(all), new Int32Array(all), new Int32Array(all)];
  const next = start.slice();
  eachWrite(history, isWanted, (key, mop, row) => {
    const at = next[key] ?? 0;
    next[key] = at + 1;
    element[at] = elementOf(history, mop);
    rows[at] = row;
    mops[at] = mop;
  });
  return { start, element, row: rows, mop: mops };
}

/** What a micro-operation writes: an element, a value, or nothing where it deletes; see {@link WritesByKey.element}. */
export function elementOf(history: History, mop: number): number {
  if (writtenAs(history.mopKind[mop]) === written.value)
    return rowValue(history, mop, true)?.element ?? notUnderstood;
  return history.mopShape[mop] === shapeCode.scalar ? (history.mopValue[mop] ?? 0) : notUnderstood;
}

function eachWrite(
  history: History,
  isWanted: (key: number) => boolean,
  use: (key: number, mop: number, row: number) => void,
): void {
  const { mopStart, mopKind, mopKey } = history;
  eachOperation(history, (row, source) => {
    const end = mopStart[source + 1] ?? 0;
    for (let mop = mopStart[source] ?? 0; mop < end; mop++) {
      const key = mopKey[mop] ?? 0;
      if (writtenAs(mopKind[mop]) !== 0 && isWanted(key)) use(key, mop, row);
    }
  });
}
