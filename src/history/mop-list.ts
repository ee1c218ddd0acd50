import type { Json, Mop } from "./operation.ts";

/**
 * Whether the `value` of an operation is a transaction: an array, possibly empty, of
 * `[kind, key, value]` with a string for a kind. Anything else is the business of the operation's f.
 */
export function isMopList(value: readonly Mop[] | Json): value is readonly Mop[] {
  if (!Array.isArray(value)) return false;
  for (const item of value as readonly unknown[]) {
    if (!Array.isArray(item) || item.length !== 3 || typeof item[0] !== "string") return false;
  }
  return true;
}
