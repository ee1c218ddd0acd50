import { isJsonArray } from "../../history/json-value.ts";
import type { Json } from "../../history/operation.ts";

/** The member of an object, or undefined where there is none or the value is no object. */
export function member(json: Json | undefined, name: string): Json | undefined {
  return isObject(json) && Object.hasOwn(json, name) ? json[name] : undefined;
}

/** The names and values of an object; none of anything else. */
export function members(json: Json | undefined): readonly (readonly [name: string, value: Json])[] {
  return isObject(json) ? Object.entries(json) : [];
}

/** The elements of an array; none of anything else. */
export function listOf(json: Json): readonly Json[] {
  return isJsonArray(json) ? json : [];
}

/** Whether it is a number that can be added up and compared without being rounded. */
export function isWhole(json: Json | undefined): json is number {
  return typeof json === "number" && Number.isSafeInteger(json);
}

function isObject(json: Json | undefined): json is Readonly<Record<string, Json>> {
  return json !== undefined && json !== null && typeof json === "object" && !isJsonArray(json);
}
