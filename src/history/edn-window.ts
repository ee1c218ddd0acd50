import { EdnReader, EdnSyntaxError } from "./edn-reader.ts";
import type { EdnKeyword } from "./edn.ts";
import { HistoryError } from "./history-error.ts";
import { maxLineLength } from "./json-lines-reader.ts";
import type { TextSource } from "./text-source.ts";

/**
 * A piece of a long EDN text with a reader on it, moved on block by block. Knows lines and columns.
 * Memory: one block and the value that is being read.
 */
export class EdnWindow {
  readonly file: string;
  reader: EdnReader;
  readonly #source: TextSource;
  readonly #keywords = new Map<string, EdnKeyword>();
  #final = false;
  #line = 1;
  #column = 1;
  #marked = 0;

  constructor(source: TextSource, file: string) {
    this.file = file;
    this.#source = source;
    this.reader = new EdnReader("", false, this.#keywords);
  }

  /** Remembers where the reader is, for {@link refuseMarked}. */
  mark(): void {
    this.#marked = this.reader.at;
  }

  /**
   * Does a step that may end in the middle of the text: with more text it is done again from its start.
   * @param between whether an operation comes next, and may be taken away by the source
   */
  attempt<T>(step: (reader: EdnReader) => T, between = false): T | undefined {
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
      this.#refill(between);
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
  #refill(between: boolean): void {
    const { at, text } = this.reader;
    let { line, column } = this.#place(at);
    let rest = text.slice(at);
    const wanted = rest.length;
    const parts: string[] = [];
    for (let added = 0; added <= wanted && !this.#final;) {
      const next = this.#source.next(between && parts.length === 0 && /^[\s,]*$/.test(rest));
      if (next === undefined) {
        this.#final = true;
        break;
      }
      if (next.taken > 0) {
        line += countNewlines(rest) + next.taken;
        column = 1;
        rest = "";
      }
      parts.push(next.text);
      added += next.text.length;
    }
    this.#line = line;
    this.#column = column;
    if (wanted > maxLineLength) {
      throw new HistoryError(`expected operations of at most ${maxLineLength} characters`, this.#place(0));
    }
    this.reader = new EdnReader(rest + parts.join(""), this.#final, this.#keywords);
  }
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
