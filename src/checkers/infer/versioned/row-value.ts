import { type History, mopKindCode, shapeCode } from "../../../history/history.ts";

/** No value: a row that is not there, or a write that deletes it. */
export const noValue = -1;

/** What a micro-operation writes to a row, or reads from it. */
export interface RowValue {
  /** Position in the history's values, or {@link noValue}. */
  readonly element: number;
  /** The row's version, or NaN where nobody says. */
  readonly number: number;
}

/**
 * `[n, v]` with a whole number or null for n, or null. A null v is a row that holds nothing: a write of it
 * deletes. With `plain`, anything that is no such pair is the value itself, without a version. Null where
 * the micro-operation is neither.
 */
export function rowValue(history: History, mop: number, plain: boolean): RowValue | null {
  const { mopKind, mopShape, mopValue, listFrom, listTo, listItems, values } = history;
  if (mopKind[mop] === mopKindCode.delete || mopShape[mop] === shapeCode.none)
    return { element: noValue, number: NaN };
  const at = mopValue[mop] ?? 0;
  if (mopShape[mop] === shapeCode.scalar) return plain ? { element: at, number: NaN } : null;
  const from = listFrom[at] ?? 0;
  if ((listTo[at] ?? 0) - from !== 2) return null;
  const number = values[listItems[from] ?? 0];
  const element = listItems[from + 1] ?? 0;
  if (number !== null && !(typeof number === "number" && Number.isInteger(number))) return null;
  return { element: values[element] === null ? noValue : element, number: number ?? NaN };
}

/** Whether a micro-operation gives a row a new version. */
export function writesRow(kind: number | undefined): boolean {
  return kind === mopKindCode.w || kind === mopKindCode.insert || kind === mopKindCode.delete;
}
