import { findJsonProblem, isSafeJson } from "./json-value.ts";
import type { Json, Operation, OperationType, Process } from "./operation.ts";

/** The fields of an operation as some syntax had them; undefined where absent. */
export interface RawOperation {
  readonly index?: unknown;
  readonly time?: unknown;
  readonly process?: unknown;
  readonly type?: unknown;
  readonly f?: unknown;
  readonly value?: unknown;
  readonly data?: unknown;
  readonly error?: unknown;
}

/** A field that is not as it must be; `path` leads there, starting with the field's name. */
export interface FieldProblem {
  readonly path: readonly [field: keyof RawOperation, ...rest: (string | number)[]];
  /** Completes the sentence `expected "field" …`. */
  readonly expected: string;
  readonly got: unknown;
}

/** Field names in the order in which every syntax writes them. */
export const operationFields = ["index", "time", "process", "type", "f", "value", "data", "error"] as const;

/**
 * Makes an operation of raw fields, or says which field is wrong. In histories of others (`own` false)
 * a missing index is `nextIndex`, a missing time is the index, a missing f is `txn`. A missing value
 * is null. Linear in the value.
 */
export function operationFromFields(
  raw: RawOperation,
  own: boolean,
  nextIndex: number,
): Operation | FieldProblem {
  const index = own ? raw.index : (raw.index ?? nextIndex);
  if (!isCount(index)) return { path: ["index"], expected: "to be an integer from 0", got: raw.index };
  const time = own ? raw.time : (raw.time ?? index);
  if (typeof time !== "number" || !isSafeJson(time)) {
    return { path: ["time"], expected: "to be a number up to 2^53 - 1", got: raw.time };
  }
  const { process, type, value = null, data, error } = raw;
  if (!isProcess(process)) {
    return { path: ["process"], expected: "to be an integer from 0 to 2^31 - 1 or a name", got: process };
  }
  if (!isType(type)) return { path: ["type"], expected: "to be invoke, ok, fail or info", got: type };
  const f = own ? raw.f : (raw.f ?? "txn");
  if (typeof f !== "string") return { path: ["f"], expected: "to be a name", got: raw.f };
  if (!isSafeJson(value)) return unsafe("value", value);
  if (data !== undefined && !isSafeJson(data)) return unsafe("data", data);
  if (error !== undefined && !isSafeJson(error)) return unsafe("error", error);
  return make({ index, time, process, type, f, value }, data, error);
}

// Plain literals instead of spreads: one stable shape, on the path of every line that is read.
function make(base: Operation, data: Json | undefined, error: Json | undefined): Operation {
  if (data === undefined) return error === undefined ? base : { ...base, error };
  return error === undefined ? { ...base, data } : { ...base, data, error };
}

/** Tells the two results of {@link operationFromFields} apart. */
export function isFieldProblem(result: Operation | FieldProblem): result is FieldProblem {
  return "expected" in result;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isProcess(value: unknown): value is Process {
  if (typeof value === "string") return value !== "";
  return isCount(value) && value < 2 ** 31;
}

function isType(value: unknown): value is OperationType {
  return value === "invoke" || value === "ok" || value === "fail" || value === "info";
}

function unsafe(field: "value" | "data" | "error", value: unknown): FieldProblem {
  const problem = findJsonProblem(value);
  if (problem === null) throw new Error("a field was refused for no reason");
  return { path: [field, ...problem.path], expected: `to hold ${problem.expected}`, got: problem.got };
}
