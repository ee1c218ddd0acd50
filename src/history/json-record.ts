import { findHeaderProblem, pickHeader } from "./header-fields.ts";
import type { Header } from "./header.ts";
import { HistoryError } from "./history-error.ts";
import type { HistorySink } from "./history-sink.ts";
import { findJsonSyntaxProblem, locateJson } from "./json-scanner.ts";
import { showValue } from "./json-value.ts";
import { isFieldProblem, operationFromFields } from "./operation-fields.ts";

/** A piece of a history's text, and where it begins in the file. */
export interface TextPiece {
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Reads one JSON object, a header or an operation, into the sink.
 * @throws HistoryError at the exact place, with what was expected there.
 */
export function readJsonRecord(piece: TextPiece, sink: HistorySink): void {
  const raw = parseObject(piece);
  if ("isolab" in raw) {
    const problem = findHeaderProblem(raw);
    if (problem !== null) {
      const field = `"${problem.path.join(".")}" of the header`;
      throw refusal(
        piece,
        problem.path,
        `expected ${field} ${problem.expected}, got ${showValue(problem.got)}`,
      );
    }
    complain(piece, sink.header(pickHeader(raw as unknown as Header)));
    return;
  }
  const operation = operationFromFields(raw, sink.own, sink.nextIndex);
  if (isFieldProblem(operation)) {
    const { path, expected, got } = operation;
    throw refusal(piece, path, `expected "${path[0]}" ${expected}, got ${showValue(got)}`);
  }
  complain(piece, sink.operation(operation));
}

/** The place of an offset inside a piece, in the file. */
export function placeIn(piece: TextPiece, offset: number): { file: string; line: number; column: number } {
  const before = piece.text.slice(0, offset);
  const newline = before.lastIndexOf("\n");
  if (newline < 0) return { file: piece.file, line: piece.line, column: piece.column + offset };
  const line = piece.line + before.split("\n").length - 1;
  return { file: piece.file, line, column: offset - newline };
}

function parseObject(piece: TextPiece): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(piece.text);
  } catch (error) {
    throw syntaxError(piece, error);
  }
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Readonly<Record<string, unknown>>;
  }
  const offset = piece.text.search(/\S/);
  throw new HistoryError(
    `expected an object with the fields of an operation, got ${showValue(parsed)}`,
    placeIn(piece, offset),
  );
}

function syntaxError(piece: TextPiece, error: unknown): HistoryError {
  const problem = findJsonSyntaxProblem(piece.text);
  if (problem === null) return new HistoryError("expected JSON", placeIn(piece, 0), error);
  const got = problem.truncated ? "the end" : showCharacter(piece.text, problem.offset);
  return new HistoryError(`expected ${problem.expected}, got ${got}`, placeIn(piece, problem.offset), error);
}

function showCharacter(text: string, offset: number): string {
  return JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0));
}

function refusal(piece: TextPiece, path: readonly (string | number)[], sentence: string): HistoryError {
  return new HistoryError(sentence, placeIn(piece, locateJson(piece.text, path)));
}

function complain(piece: TextPiece, problem: string | null): void {
  if (problem !== null) throw new HistoryError(problem, placeIn(piece, 0));
}
