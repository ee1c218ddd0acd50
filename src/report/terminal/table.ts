import { stripVTControlCharacters } from "node:util";

/**
 * A table in columns as wide as their widest cell, two spaces apart. Colour codes take no room.
 *
 * @param rows the head first
 */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width(cell));
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
