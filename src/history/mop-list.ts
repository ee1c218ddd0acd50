import type { Json, Mop } from "./operation.ts";

/**
 * Whether the `value` of an operation is a transaction: an array, possibly empty, of
 * `[kind, key, value]` with a string for a kind. Others' histories may leave out what a read is about to
 * find, as in `[:r :x]`. Anything else is the business of the operation's f.
 */
export function isMopList(value: readonly Mop[] | Json): value is readonly Mop[] {
  if (!Array.isArray(value)) return false;
  for (const item of value as readonly unknown[]) {
    if (!Array.isArray(item) || typeof item[0] !== "string") return false;
    if (item.length !== 3 && !(item.length === 2 && item[0] === "r")) return false;
  }
  return true;
}
