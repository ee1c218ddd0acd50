/** How many of the last lines are kept for an error message. */
const kept = 200;

/** What a server has printed: complete lines, the last of them kept, each told to whoever listens. */
export interface ServerLog {
  /** Takes text as it comes; a line is told when its end has come. */
  write(text: string): void;
  /** The last lines, oldest first. */
  readonly lines: readonly string[];
  /** Forgets the lines so far, not the listeners. */
  clear(): void;
  onLine(listener: (line: string) => void): () => void;
}

/** An empty log. */
export function createServerLog(): ServerLog {
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  let partial = "";
  return {
    lines,
    write: (text) => {
      const pieces = (partial + text).split("\n");
      partial = pieces.pop() ?? "";
      for (const piece of pieces) {
        lines.push(piece);
        for (const listener of [...listeners]) listener(piece);
      }
      if (lines.length > kept) lines.splice(0, lines.length - kept);
    },
    clear: () => {
      lines.length = 0;
      partial = "";
    },
    onLine: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

const failure = /\b(FATAL|PANIC|ERROR)\b|\berror:/;
const complaint = /\b(could not|cannot|can't|unknown|no space left|denied|refused|failed)\b/i;
const aftermath = /\baborting$/i;

/**
 * The line that most likely says why a server or tool did not come up: the first failure it names,
 * since what follows are mostly its consequences; otherwise the last complaint, otherwise the last line.
 * Without its time stamp. Undefined for an empty log.
 */
export function rootComplaint(lines: readonly string[]): string | undefined {
  const texts = lines.map(withoutStamp).filter((line) => line !== "");
  return (
    texts.find((line) => failure.test(line) && !aftermath.test(line)) ??
    texts.findLast((line) => complaint.test(line)) ??
    texts.at(-1)
  );
}

/** The last failure in the log of a server that was running, without its time stamp; undefined when it names none. */
export function lastFailure(lines: readonly string[]): string | undefined {
  return lines.map(withoutStamp).findLast((line) => failure.test(line) && !aftermath.test(line));
}

/** A stamp may follow what a tool printed before on the same line. */
function withoutStamp(line: string): string {
  return line
    .replace(/^\d+\.\d+ /, "")
    .replace(/^.*?\d{4}-\d\d-\d\d[T ] *\d+:\d\d:\d\d\S*(?: UTC| GMT)?(?: \[\d+\])?(?: \d+)? +/, "")
    .trim();
}
