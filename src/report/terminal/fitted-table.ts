/** One line of a cell, and how it is coloured. */
export interface PaintedLine {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** The lines of a cell, from top to bottom. */
export type FittedCell = readonly PaintedLine[];

const gap = 2;

/**
 * A table whose widest columns are wrapped at blanks until it is no wider than `columns`, as far as words allow:
 * none is broken. Wrapped lines are indented by one.
 *
 * @param rows the head first; all have the same number of cells
 * @param columns undefined for as wide as it is
 */
export function fittedTable(rows: readonly (readonly FittedCell[])[], columns: number | undefined): string {
  const widths = fittedWidths(rows, columns);
  return rows.flatMap((row) => rowLines(row, widths)).join("\n");
}

function fittedWidths(rows: readonly (readonly FittedCell[])[], columns = Infinity): readonly number[] {
  const widths: number[] = [];
  const least: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries())
      for (const { text } of cell) {
        widths[column] = Math.max(widths[column] ?? 0, text.length);
        least[column] = Math.max(least[column] ?? 0, longestWord(text));
      }
  const total = (): number => widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));
  while (total() > columns) {
    const room = widths.map((width, column) => (width > (least[column] ?? 0) ? width : 0));
    const widest = Math.max(...room);
    if (widest === 0) break;
    widths[room.indexOf(widest)] = widest - 1;
  }
  return widths;
}

/** With the blank before it where a line begins with it. */
function longestWord(text: string): number {
  return Math.max(...text.split(" ").map((word, number) => word.length + Math.min(number, 1)));
}

function rowLines(row: readonly FittedCell[], widths: readonly number[]): readonly string[] {
  const cells = row.map((cell, column) => cell.flatMap((line) => wrapped(line, widths[column] ?? 0)));
  const height = Math.max(1, ...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, at) =>
    cells
      .map((cell, column) => {
        const { text, paint } = cell[at] ?? { text: "" };
        return (paint?.(text) ?? text) + " ".repeat(Math.max(0, (widths[column] ?? 0) - text.length));
      })
      .join(" ".repeat(gap))
      .trimEnd(),
  );
}

function wrapped({ text, ...rest }: PaintedLine, width: number): readonly PaintedLine[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ` ${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => ({ ...rest, text: one }));
}
