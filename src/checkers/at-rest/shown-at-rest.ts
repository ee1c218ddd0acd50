import { type History, typeCode } from "../../history/history.ts";
import { readAtRest } from "./client-operations.ts";

/** What the reads at rest show. */
export interface ShownAtRest {
  /** Row of the first invocation of a read at rest: nothing of anybody else comes afterwards. */
  readonly from: number;
  /** Micro-operations of committed reads at rest, by key. */
  readonly byKey: ReadonlyMap<number, readonly Shown[]>;
}

/** One micro-operation of a committed read at rest. */
export interface Shown {
  readonly mop: number;
  /** Row of the completion. */
  readonly row: number;
}

/**
 * The reads at rest of a history. Null where there is none, where nobody knows when the first of them began, and
 * where another client still did something afterwards: then nothing was at rest. Linear.
 */
export function shownAtRest(history: History): ShownAtRest | null {
  const f = history.functions.indexOf(readAtRest);
  const from = f < 0 ? -1 : firstRow(history, f);
  if (from < 0) return null;
  for (let row = from; row < history.length; row++)
    if ((history.process[row] ?? -1) >= 0 && history.f[row] !== f) return null;

  const byKey = new Map<number, Shown[]>();
  for (let row = from; row < history.length; row++) {
    if (history.type[row] !== typeCode.ok || (history.process[row] ?? -1) < 0) continue;
    for (let mop = history.mopStart[row] ?? 0; mop < (history.mopStart[row + 1] ?? 0); mop++) {
      const key = history.mopKey[mop] ?? 0;
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [{ mop, row }]);
      else known.push({ mop, row });
    }
  }
  return { from, byKey };
}

/** -1 where there is none, or nobody knows when it began. */
function firstRow({ length, process, type, f: functions }: History, f: number): number {
  for (let row = 0; row < length; row++)
    if ((process[row] ?? -1) >= 0 && functions[row] === f) return type[row] === typeCode.invoke ? row : -1;
  return -1;
}
