import type { Provocation, Theme } from "./provocation.ts";

/** The rows that the themes produce, each with its provocations. */
export function rowsOf(
  table: Readonly<Record<string, unknown>>,
  themes: readonly Theme[],
): ReadonlyMap<string, readonly Provocation[]> {
  const rows = new Map<string, Provocation[]>();
  for (const provocation of themes.flatMap((theme) => theme.provocations)) {
    const row = rowFor(table, provocation.code);
    rows.set(row, [...(rows.get(row) ?? []), provocation]);
  }
  return rows;
}

/** The row that a code is looked up in: its own, or that of its class where an SQLSTATE has none. */
export function rowFor(table: Readonly<Record<string, unknown>>, code: string): string {
  return code in table || code.length < 5 ? code : code.slice(0, 2);
}
