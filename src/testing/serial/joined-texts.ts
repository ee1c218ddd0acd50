import type { Leaf } from "./tree.ts";

/** Whether two leaves are texts of the same parts in any order: rows that were joined in the order in which they were found. */
export function hasSameParts(one: Leaf, other: Leaf): boolean {
  if (one.kind !== "plain" || other.kind !== "plain") return false;
  return one.text.length === other.text.length && partsInOrder(one.text) === partsInOrder(other.text);
}

/** The parts between commas, semicolons and blanks, sorted, and what parts them. `"b, a"` and `"a, b"` have the same. */
export function partsInOrder(text: string): string {
  const inner = /^".*"$/s.test(text) ? text.slice(1, -1) : text;
  const parts = inner.split(/[,;\s]+/);
  const between = inner.match(/[,;\s]+/g) ?? [];
  if (parts.length === 1) return text;
  return JSON.stringify([text.length - inner.length, parts.sort(), between.sort()]);
}
