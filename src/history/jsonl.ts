import { findHeaderProblem, pickHeader } from "./header-fields.ts";
import type { Header } from "./header.ts";
import { HistoryError } from "./history-error.ts";
import type { History } from "./history.ts";
import { findJsonProblem, isSafeJson, showValue } from "./json-value.ts";
import { operationAt } from "./operation-at.ts";
import type { Operation } from "./operation.ts";

/**
 * The header as one line without its newline: known fields in the order of {@link Header}, so that
 * equal headers give equal bytes.
 * @throws HistoryError when it is no valid header, e.g. a parameter is not exact in JSON.
 */
export function encodeHeader(header: Header): string {
  const problem = findHeaderProblem({ ...header });
  if (problem !== null) {
    const field = `"${problem.path.join(".")}" of the header`;
    throw new HistoryError(`expected ${field} ${problem.expected}, got ${showValue(problem.got)}`);
  }
  return JSON.stringify(pickHeader(header));
}

/**
 * An operation as one line without its newline: index, time, process, type, f, value, and data and
 * error where present.
 * @throws HistoryError when a field holds what JSON cannot keep exactly.
 */
export function encodeOperation(operation: Operation): string {
  const { index, time, process, type, f, value, data, error } = operation;
  const fields = { index, time, process, type, f, value, data, error };
  if (!isSafeJson(time) || !isSafeJson(value)) throw refusal(operation);
  if (data !== undefined && !isSafeJson(data)) throw refusal(operation);
  if (error !== undefined && !isSafeJson(error)) throw refusal(operation);
  return JSON.stringify(fields);
}

/** A whole history as lines, each with its newline: what a recorder would have written. */
export function* encodeJsonLines(history: History): Generator<string, void, undefined> {
  if (history.header !== null) yield `${encodeHeader(history.header)}\n`;
  for (let row = 0; row < history.length; row++) yield `${encodeOperation(operationAt(history, row))}\n`;
}

function refusal(operation: Operation): HistoryError {
  for (const field of ["time", "value", "data", "error"] as const) {
    const content = operation[field];
    const problem = content === undefined ? null : findJsonProblem(content);
    if (problem === null) continue;
    const place = [field, ...problem.path].join(".");
    return new HistoryError(
      `expected "${place}" of operation ${operation.index} to hold ${problem.expected}, got ${showValue(problem.got)}`,
    );
  }
  throw new Error("an operation was refused for no reason");
}
