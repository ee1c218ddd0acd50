import type { History } from "../../../history/history.ts";
import { canonicalJson } from "../../../history/json-value.ts";
import type { Json } from "../../../history/operation.ts";
import { writerState } from "../element-table.ts";
import type { RowVersions } from "../versioned/row-versions.ts";
import { matches, memberOf, type Predicate } from "./predicate.ts";

/**
 * Answers which versions that may have come to be match a predicate. Equality is looked up in an index
 * (one pass over the versions per field), anything else costs a pass.
 */
export function matchingVersions(
  { values }: History,
  { length, element, state }: RowVersions,
): (predicate: Predicate) => readonly number[] {
  const candidates: number[] = [];
  for (let v = 0; v < length; v++)
    if ((element[v] ?? -1) >= 0 && state[v] !== writerState.failed) candidates.push(v);
  const valueOf = (v: number): Json => values[element[v] ?? 0] ?? null;
  const indices = new Map<string | null, ReadonlyMap<string, number[]>>();

  function indexOf(field: string | null): ReadonlyMap<string, number[]> {
    const index = new Map<string, number[]>();
    for (const v of candidates) {
      const value = valueOf(v);
      const member = field === null ? value : memberOf(value, field);
      if (member === undefined) continue;
      const text = canonicalJson(member);
      const list = index.get(text);
      if (list === undefined) index.set(text, [v]);
      else list.push(v);
    }
    return index;
  }

  return (predicate) => {
    if (predicate.type !== "=") return candidates.filter((v) => matches(predicate, valueOf(v)));
    const index = indices.get(predicate.field) ?? indexOf(predicate.field);
    indices.set(predicate.field, index);
    return index.get(predicate.value) ?? [];
  };
}
