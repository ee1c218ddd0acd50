import { HistoryError } from "./history-error.ts";
import type { HistorySink } from "./history-sink.ts";
import { readJsonRecord } from "./json-record.ts";
import { findJsonSyntaxProblem } from "./json-scanner.ts";
import type { TextSource } from "./text-source.ts";

/** The longest line that is read, in UTF-16 units: half of the longest string that V8 makes. */
export const maxLineLength: number = 2 ** 28;

/**
 * Reads a history of one JSON object per line, as far as the source leaves it. Blank lines are
 * skipped. A last line without its newline that merely ends too early was torn by a crash and is
 * dropped with a warning. Memory: one block and one line.
 * @throws HistoryError at the first malformed line.
 */
export function readJsonLines(source: TextSource, file: string, sink: HistorySink): void {
  for (const { text, line, ended } of linesOf(source, file)) {
    if (isBlank(text)) continue;
    if (!ended && isTorn(text, line)) {
      sink.warn(line, "the last line was torn by a crash of the recorder and is left out");
      continue;
    }
    readJsonRecord({ text, file, line, column: 1 }, sink);
  }
}

interface Line {
  readonly text: string;
  /** Its number in the file. */
  readonly line: number;
  /** False for a last line without a newline. */
  readonly ended: boolean;
}

function* linesOf(source: TextSource, file: string): Generator<Line, void, undefined> {
  let pending: string[] = [];
  let pendingLength = 0;
  let line = 1;
  for (;;) {
    const block = source.next(pendingLength === 0);
    if (block === undefined) break;
    const { text } = block;
    line += block.taken;
    let start = 0;
    for (;;) {
      const newline = text.indexOf("\n", start);
      if (newline < 0) break;
      const tail = text.slice(start, newline);
      yield { text: pending.length === 0 ? tail : pending.join("") + tail, line, ended: true };
      pending = [];
      pendingLength = 0;
      start = newline + 1;
      line++;
    }
    if (start === text.length) continue;
    pending.push(text.slice(start));
    pendingLength += text.length - start;
    if (pendingLength > maxLineLength) {
      throw new HistoryError(`expected lines of at most ${maxLineLength} characters`, { file, line });
    }
  }
  if (pendingLength > 0) yield { text: pending.join(""), line, ended: false };
}

function isBlank(text: string): boolean {
  return text.length < 256 && text.trim() === "";
}

// A torn line is a prefix of a good one. A whole file of one unfinished object is rather no history,
// unless it begins as our header does.
function isTorn(text: string, line: number): boolean {
  if (!text.startsWith("{") || (line === 1 && !'{"isolab":'.startsWith(text.slice(0, 10)))) return false;
  return findJsonSyntaxProblem(text)?.truncated ?? false;
}
