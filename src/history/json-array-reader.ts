import { HistoryError } from "./history-error.ts";
import type { HistorySink } from "./history-sink.ts";
import { maxLineLength } from "./json-lines-reader.ts";
import { readJsonRecord } from "./json-record.ts";
import type { TextSource } from "./text-source.ts";

/**
 * Reads a history that is one JSON array of objects. The array is
 * split into its elements while it streams by, so that it may be larger than a string can be.
 * @throws HistoryError at the first malformed element.
 */
export function readJsonArray(source: TextSource, file: string, sink: HistorySink): void {
  const splitter = new ArraySplitter(file, sink);
  for (let block = source.next(false); block !== undefined; block = source.next(false))
    splitter.block(block.text);
  splitter.end();
}

type State = "start" | "element" | "separator" | "done";

const code = { quote: 34, comma: 44, open: 91, backslash: 92, close: 93, openObject: 123, closeObject: 125 };

class ArraySplitter {
  readonly #file: string;
  readonly #sink: HistorySink;
  #state: State = "start";
  #first = true;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #line = 1;
  /** Columns are counted from here: offset of the current line's start, in the current block. */
  #lineStart = 0;
  #pieces: string[] = [];
  #piecesLength = 0;
  #pieceLine = 1;
  #pieceColumn = 1;

  constructor(file: string, sink: HistorySink) {
    this.#file = file;
    this.#sink = sink;
  }

  block(block: string): void {
    let elementStart = 0;
    for (let at = 0; at < block.length; at++) {
      const character = block.charCodeAt(at);
      if (character === 10) {
        this.#line++;
        this.#lineStart = at + 1;
      }
      if (this.#depth === 0) {
        if (isSpace(character)) continue;
        if (this.#between(character, at)) elementStart = at;
      } else if (this.#inside(character)) {
        this.#element(block.slice(elementStart, at + 1));
      }
    }
    if (this.#depth > 0) this.#keep(block.slice(elementStart));
    this.#lineStart -= block.length;
  }

  end(): void {
    if (this.#state === "done") return;
    const expected = this.#state === "start" ? '"["' : 'the closing "]" of the history';
    throw new HistoryError(`expected ${expected}, got the end of the file`, {
      file: this.#file,
      line: this.#line,
      column: 1 - this.#lineStart,
    });
  }

  /** One character between elements; true when an element begins there. */
  #between(character: number, at: number): boolean {
    switch (this.#state) {
      case "start":
        if (character !== code.open) this.#fail('"["', at);
        this.#state = "element";
        return false;
      case "element":
        if (character === code.close && this.#first) {
          this.#state = "done";
          return false;
        }
        if (character !== code.openObject) this.#fail("an object with the fields of an operation", at);
        this.#depth = 1;
        this.#first = false;
        this.#pieceLine = this.#line;
        this.#pieceColumn = at - this.#lineStart + 1;
        return true;
      case "separator":
        if (character === code.close) this.#state = "done";
        else if (character === code.comma) this.#state = "element";
        else this.#fail('"," or "]"', at);
        return false;
      case "done":
        return this.#fail("nothing after the history", at);
    }
  }

  /** One character inside an element; true when the element ends with it. */
  #inside(character: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (character === code.backslash) this.#escaped = true;
      else if (character === code.quote) this.#inString = false;
      return false;
    }
    if (character === code.quote) this.#inString = true;
    else if (character === code.openObject || character === code.open) this.#depth++;
    else if (character === code.closeObject || character === code.close) this.#depth--;
    return this.#depth === 0;
  }

  #element(tail: string): void {
    const text = this.#pieces.length === 0 ? tail : this.#pieces.join("") + tail;
    this.#pieces = [];
    this.#piecesLength = 0;
    this.#state = "separator";
    readJsonRecord({ text, file: this.#file, line: this.#pieceLine, column: this.#pieceColumn }, this.#sink);
  }

  #keep(text: string): void {
    this.#pieces.push(text);
    this.#piecesLength += text.length;
    if (this.#piecesLength <= maxLineLength) return;
    throw new HistoryError(`expected operations of at most ${maxLineLength} characters`, {
      file: this.#file,
      line: this.#pieceLine,
    });
  }

  #fail(expected: string, at: number): never {
    const column = at - this.#lineStart + 1;
    throw new HistoryError(`expected ${expected}`, { file: this.#file, line: this.#line, column });
  }
}

function isSpace(character: number): boolean {
  return character === 32 || character === 10 || character === 13 || character === 9;
}
