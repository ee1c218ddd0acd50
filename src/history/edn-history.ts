import type { Edn } from "./edn.ts";
import { EdnWindow } from "./edn-window.ts";
import { printEdnOperation, rawOperationFromEdn } from "./edn-operation.ts";
import type { HistorySink } from "./history-sink.ts";
import type { History } from "./history.ts";
import { readJsonRecord } from "./json-record.ts";
import { showValue } from "./json-value.ts";
import { encodeHeader } from "./jsonl.ts";
import { operationAt } from "./operation-at.ts";
import { type FieldProblem, isFieldProblem, operationFromFields } from "./operation-fields.ts";
import type { TextSource } from "./text-source.ts";

/**
 * A whole history as Jepsen writes it: one map per line, each with its newline. Our header, which
 * others skip, is a comment in the first line. Reading it again gives the same history.
 */
export function* encodeEdnHistory(history: History): Generator<string, void, undefined> {
  if (history.header !== null) yield `;; isolab ${encodeHeader(history.header)}\n`;
  for (let row = 0; row < history.length; row++) yield `${printEdnOperation(operationAt(history, row))}\n`;
}

const headerComment = /^;+[ \t]*isolab[ \t]+(?=\{)/;

/**
 * Reads a history in EDN, as far as the source leaves it: maps, tagged or not, one after the other or
 * all in one vector or list. Memory: one block and one operation.
 * @throws HistoryError at the first operation that is none.
 */
export function readEdnHistory(source: TextSource, file: string, sink: HistorySink): void {
  const window = new EdnWindow(source, file);
  readHeader(window, sink);
  let closing: string | undefined;
  let ended = false;
  for (;;) {
    const next = window.attempt((reader): string | undefined => {
      reader.skip();
      return reader.text[reader.at];
    }, !ended);
    if (next === undefined) break;
    if (ended) window.refuse("nothing after the history");
    if (next === closing) {
      window.reader.at++;
      ended = true;
    } else if (closing === undefined && sink.empty && (next === "[" || next === "(")) {
      window.reader.at++;
      closing = next === "[" ? "]" : ")";
    } else {
      readOperation(window, sink);
    }
  }
  if (closing !== undefined && !ended) window.refuse(`"${closing}" at the end of the history`);
}

function readHeader(window: EdnWindow, sink: HistorySink): void {
  const text = window.attempt((reader): string | undefined => {
    if (!reader.text.startsWith(";")) return reader.text === "" ? undefined : "";
    reader.skip();
    return reader.text.slice(0, reader.text.indexOf("\n") >>> 0);
  });
  const match = headerComment.exec(text ?? "");
  if (match === null || text === undefined) return;
  const column = match[0].length + 1;
  readJsonRecord({ text: text.slice(column - 1), file: window.file, line: 1, column }, sink);
}

function readOperation(window: EdnWindow, sink: HistorySink): void {
  const value = window.attempt((reader): Edn => {
    window.mark();
    return reader.value(0);
  });
  const raw = value === undefined ? null : rawOperationFromEdn(value);
  if (raw === null) return window.refuseMarked("expected a map with the fields of an operation");
  const operation = operationFromFields(raw, sink.own, sink.nextIndex);
  if (isFieldProblem(operation)) return window.refuseMarked(sentenceOf(operation), operation.path[0]);
  const problem = sink.operation(operation);
  if (problem !== null) window.refuseMarked(problem);
}

function sentenceOf({ path, expected, got }: FieldProblem): string {
  const named = path[0] === "type" && typeof got === "string" ? `:${got}` : showValue(got);
  return `expected :${path[0]} ${expected}, got ${named}`;
}
