import { HistoryError } from "./history-error.ts";
import type { HistorySink } from "./history-sink.ts";
import { readJsonRecord } from "./json-record.ts";
import { findJsonSyntaxProblem } from "./json-scanner.ts";

/** The longest line that is read, in UTF-16 units: half of the longest string that V8 makes. */
export const maxLineLength: number = 2 ** 28;

/**
 * Reads a history of one JSON object per line from blocks of text cut anywhere. Blank lines are
 * skipped. A last line without its newline that merely ends too early was torn by a crash and is
 * dropped with a warning. Memory: one block and one line.
 * @throws HistoryError at the first malformed line.
 */
export function readJsonLines(blocks: Iterable<string>, file: string, sink: HistorySink): void {
  let line = 0;
  for (const { text, ended } of linesOf(blocks, file)) {
    line++;
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
  /** False for a last line without a newline. */
  readonly ended: boolean;
}

function* linesOf(blocks: Iterable<string>, file: string): Generator<Line, void, undefined> {
  let pending: string[] = [];
  let pendingLength = 0;
  let line = 1;
  for (const block of blocks) {
    let start = 0;
    for (;;) {
      const newline = block.indexOf("\n", start);
      if (newline < 0) break;
      const tail = block.slice(start, newline);
      yield { text: pending.length === 0 ? tail : pending.join("") + tail, ended: true };
      pending = [];
      pendingLength = 0;
      start = newline + 1;
      line++;
    }
    if (start === block.length) continue;
    pending.push(block.slice(start));
    pendingLength += block.length - start;
    if (pendingLength > maxLineLength) {
      throw new HistoryError(`expected lines of at most ${maxLineLength} characters`, { file, line });
    }
  }
  if (pendingLength > 0) yield { text: pending.join(""), ended: false };
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
