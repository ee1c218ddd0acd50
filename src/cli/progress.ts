/** One line on a terminal's stderr that is written over and over; nothing where stderr is no terminal. */
export interface ProgressLine {
  show(text: string): void;
  /** Removes the line, so that other output can follow. */
  clear(): void;
}

/** The least time between two drawings. */
const minGapNanos = 50e6;

/** @param nanos a clock that never goes back */
export function progressLine(nanos: () => number, enabled: boolean): ProgressLine {
  const stream = process.stderr;
  const active = enabled && stream.isTTY;
  let drawn = false;
  let last = -Infinity;
  return {
    show: (text) => {
      if (!active || nanos() - last < minGapNanos) return;
      last = nanos();
      drawn = true;
      stream.write(`\r\u001b[2K${text.slice(0, (stream.columns || 80) - 1)}`);
    },
    clear: () => {
      if (drawn) stream.write("\r\u001b[2K");
      drawn = false;
    },
  };
}
