import { type History, typeCode } from "../../history/history.ts";

/** Rows that stand for operations: the completion, or the invocation where there is none. */
export interface Sample {
  /** Ascending. */
  readonly rows: Uint32Array;
  /** How many operations there are. */
  readonly total: number;
}

/**
 * The operations to draw: all of them, or, where there are too many, every one that is part of an anomaly and every
 * n-th of the others. Linear.
 *
 * @param marked indices (the history's) of completions that are always there
 * @param isShown whether a row is drawn at all
 */
export function sampleOf(
  history: History,
  marked: ReadonlySet<number>,
  isShown: (row: number) => boolean,
  most: number,
): Sample {
  const stands = (row: number): boolean =>
    (history.type[row] !== typeCode.invoke || history.pair[row] === -1) && isShown(row);
  let total = 0;
  for (let row = 0; row < history.length; row++) if (stands(row)) total++;
  const stride = total <= most ? 1 : Math.ceil(total / Math.max(1, most - marked.size));
  const rows = new Uint32Array(total);
  let [seen, kept] = [0, 0];
  for (let row = 0; row < history.length; row++) {
    if (!stands(row)) continue;
    if (seen++ % stride === 0 || marked.has(history.index[row] ?? -1)) rows[kept++] = row;
  }
  return { rows: rows.slice(0, kept), total };
}
