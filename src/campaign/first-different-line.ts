import { readFileSync } from "node:fs";

/** A line that two files do not have in common; a file that has ended has null. */
export interface LineDifference {
  /** From 1, as editors count. */
  readonly line: number;
  readonly recorded: string | null;
  readonly replayed: string | null;
}

/**
 * The first line at which two histories differ, undefined when they are the same. The first line of
 * both is left out: it tells the server's version and settings.
 */
export function firstDifferentLine(recorded: string, replayed: string): LineDifference | undefined {
  const [one, other] = [recorded, replayed].map(linesOf);
  if (one === undefined || other === undefined) return undefined;
  for (let at = 1; at < Math.max(one.length, other.length); at++) {
    if (one[at] !== other[at])
      return { line: at + 1, recorded: one[at] ?? null, replayed: other[at] ?? null };
  }
  return undefined;
}

/** What ends with a line break does not have an empty line after it. */
function linesOf(path: string): readonly string[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
