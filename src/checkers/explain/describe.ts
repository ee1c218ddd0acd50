import type { History } from "../../history/history.ts";

/** A key as a person writes it: strings bare, everything else as JSON. */
export function keyText({ keys }: History, key: number): string {
  return plain(keys[key]);
}

/** An element or value, likewise. */
export function elementText({ values }: History, element: number): string {
  return plain(values[element]);
}

/** The `index` of a row. */
export function indexOf({ index }: History, row: number): number {
  return index[row] ?? -1;
}

/** "a", "a and b", "a, b and c". */
export function sentenceList(items: readonly string[]): string {
  const last = items[items.length - 1] ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
