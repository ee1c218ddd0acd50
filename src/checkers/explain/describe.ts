import type { History } from "../../history/history.ts";
import { valueText } from "./value-text.ts";

export { sentenceList } from "./value-text.ts";

/** A key as a person writes it; see {@link valueText}. */
export function keyText({ keys }: History, key: number): string {
  return valueText(keys[key]);
}

/** An element or value, likewise. */
export function elementText({ values }: History, element: number): string {
  return valueText(values[element]);
}

/** The `index` of a row. */
export function indexOf({ index }: History, row: number): number {
  return index[row] ?? -1;
}
