import type { Json, Mop } from "../../../../src/history/operation.ts";

/** What all objects hold; those that nobody wrote are absent. */
export type State = ReadonlyMap<string, Json>;

export const empty: State = new Map();

/** Which reads must fit: all; all but those of null, which may not be known; none. */
export type Reads = "all" | "told" | "unknown";

/** Which reads of a transaction must fit. */
export function readsOf({ type, tells }: { readonly type: string; readonly tells: boolean }): Reads {
  if (!tells) return "unknown";
  return type === "ok" ? "all" : "told";
}

/**
 * What the objects hold after a transaction that starts in a state, or null where one of its reads
 * contradicts it. Written from what the micro-operations mean, for lists, sets and registers.
 */
export function afterTransaction(before: State, mops: readonly Mop[], reads: Reads): State | null {
  const state = new Map(before);
  for (const [kind, name, value] of mops) {
    const key = JSON.stringify(name);
    const held = state.get(key) ?? null;
    const items = Array.isArray(held) ? (held as readonly Json[]) : [];
    if (kind === "append" || kind === "add") state.set(key, [...items, value]);
    else if (kind === "w") state.set(key, value);
    else if (reads !== "unknown" && !(reads === "told" && value === null) && !agrees(kind, held, value))
      return null;
  }
  return state;
}

/** The objects that a transaction writes as a whole, so that two such writes conflict. Rows of a set do not. */
export function writtenKeys(mops: readonly Mop[]): readonly string[] {
  return mops.filter(([kind]) => kind === "append" || kind === "w").map(([, key]) => JSON.stringify(key));
}

function agrees(kind: string, held: Json, value: Json): boolean {
  const items = (of: Json): readonly Json[] => (Array.isArray(of) ? (of as readonly Json[]) : []);
  if (kind === "rs") return sorted(items(held)) === sorted(items(value));
  // Nobody can tell an empty list from none.
  if (Array.isArray(held) || Array.isArray(value))
    return JSON.stringify(items(held)) === JSON.stringify(items(value));
  return held === value;
}

function sorted(items: readonly Json[]): string {
  return JSON.stringify(items.map((item) => JSON.stringify(item)).sort());
}
