import { mopKindCode } from "./history.ts";
import type { Json, Mop } from "./operation.ts";

/**
 * Whether the `value` of an operation is a transaction: an array, possibly empty, of
 * `[kind, key, value]` with a string for a kind. Of the kinds that we know others' histories may leave
 * out a null value, as in `[:r :x]`. Anything else is the business of the operation's f.
 */
export function isMopList(value: readonly Mop[] | Json): value is readonly Mop[] {
  if (!Array.isArray(value)) return false;
  for (const item of value as readonly unknown[]) {
    if (!Array.isArray(item) || typeof item[0] !== "string") return false;
    if (!isMopLength(item[0], item.length)) return false;
  }
  return true;
}

/** Whether a micro-operation of that kind may have so many parts. */
export function isMopLength(kind: string, length: number): boolean {
  return length === 3 || (length === 2 && kind !== "other" && Object.hasOwn(mopKindCode, kind));
}
