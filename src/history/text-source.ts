import type { ByteWindow } from "./byte-window.ts";

const newline = 0x0a;
/** A line that goes on for longer than this is handed out in pieces. */
const longLine = 1 << 20;
/** The most lines that are handed out at once while none of them is taken. */
const mostLines = 1 << 10;

/** A piece of text, and how many lines were taken before it. */
export interface TextBlock {
  readonly text: string;
  readonly taken: number;
}

/** Takes an operation out of bytes; see `OperationReader.read`. */
export interface LineTaker {
  readonly read: (bytes: Buffer, at: number, end: number) => number;
}

/** A history's text for a reader that reads it piece by piece. */
export interface TextSource {
  /**
   * The next piece, or undefined at the end. `between` says that all text so far was read and that an
   * operation comes next, if anything does: then operations that begin there are taken away first, in
   * whole lines, and what is answered begins a line. An empty text is no end.
   */
  readonly next: (between: boolean) => TextBlock | undefined;
}

/** A source that takes nothing away: one text, or all that a window has. */
export function plainSource(window: ByteWindow): TextSource {
  return {
    next: () => {
      if (window.at === window.end && !window.fill()) return undefined;
      return { text: take(window, window.end), taken: 0 };
    },
  };
}

/** A source for what a taker leaves: line by line, or more at once where it leaves many in a row. */
export function remainingSource(window: ByteWindow, taker: LineTaker): TextSource {
  let lines = 0;
  const takeAway = (): number => {
    let taken = 0;
    for (;;) {
      const next = taker.read(window.bytes, window.at, window.end);
      if (next < 0) return taken;
      window.at = next;
      taken++;
    }
  };
  return {
    next: (between) => {
      let taken = 0;
      for (;;) {
        if (window.at === window.end && !window.fill()) return taken > 0 ? { text: "", taken } : undefined;
        if (between) taken += takeAway();
        if (window.at === window.end) continue;
        lines = taken > 0 ? 1 : Math.min(Math.max(1, 2 * lines), mostLines);
        const end = afterLines(window, lines);
        if (end > 0) return { text: take(window, end), taken };
        if (between && window.end - window.at < longLine && window.fill()) continue;
        return { text: take(window, window.end), taken };
      }
    },
  };
}

/** A source of a text that is no well-formed UTF-16, and so has no bytes. */
export function stringSource(text: string): TextSource {
  let rest: string | undefined = text;
  return {
    next: () => {
      const block = rest === undefined ? undefined : { text: rest, taken: 0 };
      rest = undefined;
      return block;
    },
  };
}

function take(window: ByteWindow, end: number): string {
  const text = window.bytes.toString("utf8", window.at, end);
  window.at = end;
  return text;
}

/** The place after so many lines, or fewer if there are not as many; -1 if not even the first one ends. */
function afterLines({ bytes, at, end }: ByteWindow, lines: number): number {
  let after = -1;
  for (let i = 0, from = at; i < lines; i++) {
    from = bytes.indexOf(newline, from) + 1;
    if (from > end) break;
    after = from;
  }
  return after;
}
