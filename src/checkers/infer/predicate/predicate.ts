import { canonicalJson, isJsonArray } from "../../../history/json-value.ts";
import type { Json } from "../../../history/operation.ts";

/** Which values of rows a read asks for. */
export type Predicate =
  | { readonly type: "true" }
  | { readonly type: "="; readonly field: string | null; readonly value: string }
  | { readonly type: "mod"; readonly divisor: number; readonly remainder: number };

/**
 * A predicate from its JSON: `true` (every row), `["=", v]` (rows with that value), `["=", field, v]` (rows
 * whose value is an object with that member), `["mod", m, r]` (whole numbers n with n mod m = r, from 0).
 * Null for anything else.
 */
export function parsePredicate(json: Json): Predicate | null {
  if (json === true) return { type: "true" };
  if (!isJsonArray(json)) return null;
  const [type, first = null, second = null] = json;
  if (type === "=" && json.length === 2) return { type, field: null, value: canonicalJson(first) };
  if (type === "=" && json.length === 3 && typeof first === "string")
    return { type, field: first, value: canonicalJson(second) };
  if (type !== "mod" || json.length !== 3 || !isWhole(first) || !isWhole(second) || first < 1) return null;
  return { type, divisor: first, remainder: second };
}

/** Whether a row that holds a value is asked for. */
export function matches(predicate: Predicate, value: Json): boolean {
  switch (predicate.type) {
    case "true":
      return true;
    case "=": {
      const { field } = predicate;
      const compared = field === null ? value : memberOf(value, field);
      return compared !== undefined && canonicalJson(compared) === predicate.value;
    }
    case "mod": {
      const { divisor, remainder } = predicate;
      return isWhole(value) && ((value % divisor) + divisor) % divisor === remainder;
    }
  }
}

/** A member of an object, or undefined where there is none. */
export function memberOf(value: Json, field: string): Json | undefined {
  if (typeof value !== "object" || value === null || isJsonArray(value)) return undefined;
  return Object.hasOwn(value, field) ? value[field as keyof typeof value] : undefined;
}

function isWhole(value: Json): value is number {
  return typeof value === "number" && Number.isInteger(value);
}
