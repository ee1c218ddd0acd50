import type { Trace } from "../../scheduler/trace.ts";
import { resultLines } from "../../report/reproduction/result-lines.ts";
import { timelineOf, wentWithoutSaying, type TimelineEntry } from "../../report/reproduction/timeline.ts";
import { distinctNames } from "./function-name.ts";
import { wrap } from "../../report/explanation/wrap.ts";

/** The width of one session's column, in characters. */
const column = 46;

/** What stands between two columns. */
const gap = " │ ";

/**
 * The statements of an execution in their order, one column for each session; beneath each statement what it answered.
 *
 * @param names what the sessions are called
 */
export function lockStep(trace: Trace, names: readonly string[]): string {
  const width = names.length > 2 ? Math.floor((column * 2) / names.length) + 8 : column;
  const head = lines(distinctNames(names), width);
  const rule = names.map(() => "─".repeat(width)).join("─┼─");
  const body = timelineOf(trace).flatMap((entry) => {
    const cell = cellOf(entry);
    return cell.length === 0
      ? []
      : lines(
          names.map((_, i) => (i === entry.session ? cell.join("\n") : "")),
          width,
        );
  });
  return [...head, rule, ...body].join("\n");
}

function cellOf(entry: TimelineEntry): readonly string[] {
  switch (entry.kind) {
    case "statement": {
      const waits = entry.waitsFor === undefined ? [] : ["  … waits for a lock"];
      const answer =
        entry.result === undefined || wentWithoutSaying(entry) ? [] : resultLines(entry.sql, entry.result);
      return [
        entry.sql,
        ...waits,
        ...answer.map((line, i) => (i === 0 ? `  → ${line}` : `    ${line.trimEnd()}`)),
      ];
    }
    case "returned":
      return resultLines(entry.sql, entry.result).map((line, i) =>
        i === 0 ? `  → goes on: ${line}` : `    ${line}`,
      );
    case "deferred":
      return [];
    case "fault":
      return ["ROLLBACK by isolab: only one session may wait here"];
  }
}

/** Cells side by side, each wrapped to the width. */
function lines(cells: readonly string[], width: number): readonly string[] {
  const wrapped = cells.map((cell) => cell.split("\n").flatMap((line) => wrapCell(line, width)));
  const height = Math.max(...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, row) =>
    wrapped
      .map((cell) => (cell[row] ?? "").padEnd(width))
      .join(gap)
      .trimEnd(),
  );
}

function wrapCell(line: string, width: number): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? "";
  // A table keeps its blanks.
  if (line.length <= width) return [line];
  return wrap(line.trim(), width - indent.length - 2).flatMap((part, i) =>
    chunks(part, width - indent.length - 2).map((chunk, j) => indent + (i + j > 0 ? "  " : "") + chunk),
  );
}

function chunks(text: string, size: number): readonly string[] {
  return Array.from({ length: Math.max(1, Math.ceil(text.length / size)) }, (_, i) =>
    text.slice(i * size, (i + 1) * size),
  );
}
