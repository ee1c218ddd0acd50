import { type History, mopKindCode } from "../../history/history.ts";
import { noValue } from "../infer/versioned/row-value.ts";
import { type ClientOperations, isUnknown } from "./client-operations.ts";
import { elementOf } from "./writes-by-key.ts";

/**
 * Whether an operation of unknown outcome may have deleted a row that it does not name: it names nothing at all,
 * or it is of a kind that deletes rows in this history, and which ones it finds out as it goes. Linear.
 */
export function hasHiddenDeleter(history: History, { count, row: rows, source }: ClientOperations): boolean {
  const { functions, f, mopStart, mopKind } = history;
  const deletes = new Uint8Array(functions.length);
  const unknown = new Uint8Array(functions.length);
  let silent = 0;
  for (let operation = 0; operation < count; operation++) {
    const [row, at] = [rows[operation] ?? 0, source[operation] ?? 0];
    const kind = f[row] ?? 0;
    const [from, to] = [mopStart[at] ?? 0, mopStart[at + 1] ?? 0];
    if (isUnknown(history, row)) {
      unknown[kind] = 1;
      if (from === to) silent++;
    }
    for (let mop = from; mop < to; mop++) if (isDeletion(history, mop, mopKind[mop])) deletes[kind] = 1;
  }
  return silent > 0 || deletes.some((does, kind) => does === 1 && unknown[kind] === 1);
}

function isDeletion(history: History, mop: number, kind: number | undefined): boolean {
  if (kind === mopKindCode.delete) return true;
  return (kind === mopKindCode.w || kind === mopKindCode.insert) && elementOf(history, mop) === noValue;
}
