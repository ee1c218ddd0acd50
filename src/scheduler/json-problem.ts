export type JsonPath = readonly (string | number)[];

/** What keeps a parsed value from being what it should be. */
export interface Problem {
  /** From the value's root to the culprit. */
  readonly path: JsonPath;
  /** Completes the sentence "expected `path` …". */
  readonly expected: string;
  readonly got: unknown;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
