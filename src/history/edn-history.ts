import { EdnReader, EdnSyntaxError } from "./edn-reader.ts";
import type { Edn, EdnKeyword } from "./edn.ts";
import { printEdnOperation, rawOperationFromEdn } from "./edn-operation.ts";
import { HistoryError } from "./history-error.ts";
import type { HistorySink } from "./history-sink.ts";
import type { History } from "./history.ts";
import { maxLineLength } from "./json-lines-reader.ts";
import { readJsonRecord } from "./json-record.ts";
import { showValue } from "./json-value.ts";
import { encodeHeader } from "./jsonl.ts";
import { operationAt } from "./operation-at.ts";
import { type FieldProblem, isFieldProblem, operationFromFields } from "./operation-fields.ts";

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
 * Reads a history in EDN from blocks of text cut anywhere: maps, tagged or not, one after the other or
 * all in one vector or list. Memory: one block and one operation.
 * @throws HistoryError at the first operation that is none.
 */
export function readEdnHistory(blocks: Iterable<string>, file: string, sink: HistorySink): void {
  const window = new Window(blocks, file);
  readHeader(window, sink);
  let closing: string | undefined;
  let ended = false;
  for (;;) {
    const next = window.attempt((reader): string | undefined => {
      reader.skip();
      return reader.text[reader.at];
    });
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

function readHeader(window: Window, sink: HistorySink): void {
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

function readOperation(window: Window, sink: HistorySink): void {
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

/** A piece of the text with a reader on it, moved on block by block. */
class Window {
  readonly file: string;
  reader: EdnReader;
  readonly #blocks: Iterator<string>;
  readonly #keywords = new Map<string, EdnKeyword>();
  #final = false;
  #line = 1;
  #column = 1;
  #marked = 0;

  constructor(blocks: Iterable<string>, file: string) {
    this.file = file;
    this.#blocks = blocks[Symbol.iterator]();
    this.reader = new EdnReader("", false, this.#keywords);
  }

  /** Remembers where the reader is, for {@link refuseMarked}. */
  mark(): void {
    this.#marked = this.reader.at;
  }

  /** Does a step that may end in the middle of the text: with more text it is done again from its start. */
  attempt<T>(step: (reader: EdnReader) => T): T | undefined {
    for (;;) {
      const start = this.reader.at;
      try {
        const result = step(this.reader);
        // What ends with the window may go on in the next block.
        if (this.#final || this.reader.at < this.reader.text.length) return result;
        if (result !== undefined && this.reader.at > start) return result;
      } catch (error) {
        if (!(error instanceof EdnSyntaxError)) throw error;
        if (!error.truncated || this.#final)
          throw new HistoryError(error.message, this.#place(error.offset), error);
      }
      this.reader.at = start;
      this.#refill();
    }
  }

  refuse(expected: string): never {
    const { text, at } = this.reader;
    const got = at < text.length ? JSON.stringify(text[at]) : "the end";
    throw new HistoryError(`expected ${expected}, got ${got}`, this.#place(at));
  }

  /** Refuses the operation that was marked, at one of its fields if it has that. */
  refuseMarked(sentence: string, field?: string): never {
    const offset = field === undefined ? this.#marked : this.#fieldOffset(field);
    throw new HistoryError(sentence, this.#place(offset));
  }

  #fieldOffset(field: string): number {
    const reader = new EdnReader(this.reader.text, true);
    reader.at = this.reader.text.indexOf("{", this.#marked) + 1;
    while (reader.at < this.reader.at) {
      reader.skip();
      if (reader.text[reader.at] === "}") break;
      const keyStart = reader.at;
      reader.value(1);
      const isIt = reader.text.slice(keyStart, reader.at) === `:${field}`;
      reader.skip();
      if (isIt) return reader.at;
      reader.value(1);
    }
    return this.#marked;
  }

  #place(offset: number): { file: string; line: number; column: number } {
    const before = this.reader.text.slice(0, offset);
    const newline = before.lastIndexOf("\n");
    if (newline < 0) return { file: this.file, line: this.#line, column: this.#column + offset };
    return { file: this.file, line: this.#line + countNewlines(before), column: offset - newline };
  }

  /** Drops what was read and appends at least as much text as is left over, so that retries stay linear. */
  #refill(): void {
    const { at, text } = this.reader;
    const { line, column } = this.#place(at);
    const parts = [text.slice(at)];
    const wanted = text.length - at;
    for (let added = 0; added <= wanted && !this.#final;) {
      const next = this.#blocks.next();
      if (next.done === true) this.#final = true;
      else {
        parts.push(next.value);
        added += next.value.length;
      }
    }
    this.#line = line;
    this.#column = column;
    if (wanted > maxLineLength) {
      throw new HistoryError(`expected operations of at most ${maxLineLength} characters`, this.#place(0));
    }
    this.reader = new EdnReader(parts.join(""), this.#final, this.#keywords);
  }
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
