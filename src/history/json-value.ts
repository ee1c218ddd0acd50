import type { Json } from "./operation.ts";

/** The deepest nesting of arrays and objects that a field of an operation may have. */
export const maxJsonDepth = 256;

/** What is wrong with a value, and the way to the culprit from the value's root. */
export interface JsonProblem {
  readonly path: readonly (string | number)[];
  /** Completes the sentence "expected …". */
  readonly expected: string;
  readonly got: unknown;
}

/**
 * Whether a value survives being written as JSON and read again: plain arrays and objects, at most
 * {@link maxJsonDepth} deep, and no number beyond 2^53 - 1, because two different ones could
 * become one there and the checkers would see a write that never was. Linear.
 */
export function isSafeJson(value: unknown, depth: number = maxJsonDepth): value is Json {
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  return typeof value === "object" && isSafeContainer(value, depth);
}

function isSafeContainer(value: object, depth: number): boolean {
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) if (!isSafeJson(item, depth - 1)) return false;
    return true;
  }
  if (!isPlainObject(value)) return false;
  for (const item of Object.values(value)) if (!isSafeJson(item, depth - 1)) return false;
  return true;
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The first reason why {@link isSafeJson} says no, or null. */
export function findJsonProblem(value: unknown, depth: number = maxJsonDepth): JsonProblem | null {
  return isSafeJson(value, depth) ? null : explain(value, depth);
}

function explain(value: unknown, depth: number): JsonProblem | null {
  if (typeof value === "number") {
    const expected = "numbers up to 2^53 - 1 (larger ones would be merged; write them as strings)";
    return { path: [], expected, got: value };
  }
  if (typeof value !== "object" || value === null) {
    return { path: [], expected: "nothing but JSON values", got: value };
  }
  if (depth === 0) return { path: [], expected: `at most ${maxJsonDepth} levels of nesting`, got: value };
  if (!Array.isArray(value) && !isPlainObject(value)) {
    return { path: [], expected: "nothing but JSON values", got: value };
  }
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value)
    ? (value as unknown[]).entries()
    : Object.entries(value);
  for (const [step, item] of entries) {
    const problem = findJsonProblem(item, depth - 1);
    if (problem !== null) return { ...problem, path: [step, ...problem.path] };
  }
  return null;
}

/**
 * A text that two values share exactly when they are equal as JSON: object members in the order of
 * their names. Recursive; the value is to be {@link isSafeJson}.
 */
export function canonicalJson(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isJsonArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => `${JSON.stringify(name)}:${canonicalJson(item)}`);
  return `{${members.join(",")}}`;
}

/** `Array.isArray` that keeps the element type of readonly JSON arrays. */
export function isJsonArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** A short rendering of anything for an error sentence: at most some forty characters. */
export function showValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return shorten(JSON.stringify(value));
    case "number":
    case "boolean":
    case "bigint":
      return shorten(`${value}`);
    case "undefined":
      return "nothing";
    case "object":
      return value === null ? "null" : Array.isArray(value) ? "an array" : "an object";
    case "function":
    case "symbol":
      return `a ${typeof value}`;
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
