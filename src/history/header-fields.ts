import { databaseKinds, type Header, historyFormat, isolationLevels } from "./header.ts";
import { findJsonProblem, isSafeJson } from "./json-value.ts";

/** A header field that is not as it must be. */
export interface HeaderProblem {
  readonly path: readonly [field: string, ...rest: (string | number)[]];
  /** Completes the sentence `expected "field" of the header …`. */
  readonly expected: string;
  readonly got: unknown;
}

/**
 * The problem that keeps a parsed object from being a {@link Header}, or null if it is one. Fields
 * that we do not know are no problem: later versions may add some.
 */
export function findHeaderProblem(raw: Readonly<Record<string, unknown>>): HeaderProblem | null {
  const { isolab, seed, workload, variant, params, mode, isolation, database, checks } = raw;
  const unlessString = (field: string, value: unknown): HeaderProblem | null =>
    typeof value === "string" ? null : { path: [field], expected: "to be a string", got: value };
  if (isolab !== historyFormat) {
    const expected = `to be ${historyFormat} (this version of isolab reads format ${historyFormat} only)`;
    return { path: ["isolab"], expected, got: isolab };
  }
  return (
    unlessString("seed", seed) ??
    unlessString("workload", workload) ??
    (variant === undefined ? null : unlessString("variant", variant)) ??
    findParamsProblem(params) ??
    unlessOneOf(["mode"], mode, ["stress", "interleaved"]) ??
    unlessOneOf(["isolation"], isolation, isolationLevels) ??
    findDatabaseProblem(database) ??
    (checks === undefined || isStringArray(checks)
      ? null
      : { path: ["checks"], expected: "to be an array of names", got: checks })
  );
}

/** The header that a parsed object without a {@link findHeaderProblem} holds: known fields, in their order. */
export function pickHeader(header: Header): Header {
  const { kind, version, settings } = header.database;
  return {
    isolab: header.isolab,
    seed: header.seed,
    workload: header.workload,
    ...(header.variant === undefined ? {} : { variant: header.variant }),
    params: header.params,
    mode: header.mode,
    isolation: header.isolation,
    database: { kind, version, settings },
    ...(header.checks === undefined ? {} : { checks: header.checks }),
  };
}

function findParamsProblem(params: unknown): HeaderProblem | null {
  if (!isRecord(params)) return { path: ["params"], expected: "to be an object", got: params };
  if (isSafeJson(params)) return null;
  const problem = findJsonProblem(params);
  if (problem === null) return null;
  return { path: ["params", ...problem.path], expected: `to hold ${problem.expected}`, got: problem.got };
}

function findDatabaseProblem(database: unknown): HeaderProblem | null {
  if (!isRecord(database)) return { path: ["database"], expected: "to be an object", got: database };
  const { kind, version, settings } = database;
  if (typeof version !== "string") {
    return { path: ["database", "version"], expected: "to be a string", got: version };
  }
  if (!isRecord(settings) || !isStringArray(Object.values(settings))) {
    return { path: ["database", "settings"], expected: "to be an object of strings", got: settings };
  }
  return unlessOneOf(["database", "kind"], kind, databaseKinds);
}

function unlessOneOf(
  path: HeaderProblem["path"],
  value: unknown,
  allowed: readonly string[],
): HeaderProblem | null {
  if (typeof value === "string" && allowed.includes(value)) return null;
  return { path, expected: `to be one of ${allowed.join(", ")}`, got: value };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
