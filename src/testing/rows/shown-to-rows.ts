import type { ShownRows } from "./shown-rows.ts";
import { rowKey } from "./row-key.ts";
import type { RowTable } from "./row-table.ts";

/** A row that a result shows, as far as it shows it. */
export interface ShownRow {
  readonly key: string;
  readonly seen: ReadonlyMap<string, unknown>;
}

/**
 * The rows of a table that a result shows, each once; undefined where it does not show their keys. A row of the result
 * whose key is NULL (an outer join) shows none.
 */
export function rowsOf(table: RowTable, { columns, rows }: ShownRows): readonly ShownRow[] | undefined {
  const names = columns.map(({ of }) => (of?.table === table.id ? table.columns.get(of.column) : undefined));
  const places = table.key.map((column) => names.indexOf(column));
  if (places.includes(-1)) return undefined;
  const shown = new Map<string, ShownRow>();
  for (const row of rows) {
    const values = places.map((place) => row[place]);
    if (values.some((value) => value === undefined)) return undefined;
    const key = values.includes(null) ? undefined : rowKey(values);
    if (key !== undefined) shown.set(key, { key, seen: seenIn(names, row) });
  }
  return [...shown.values()];
}

/** What one row of a result shows of a table's columns. */
export function seenOf(table: RowTable, { columns, rows }: ShownRows): ReadonlyMap<string, unknown> {
  const names = columns.map(({ of }) => (of?.table === table.id ? table.columns.get(of.column) : undefined));
  return seenIn(names, rows[0] ?? []);
}

function seenIn(
  names: readonly (string | undefined)[],
  row: readonly unknown[],
): ReadonlyMap<string, unknown> {
  return new Map(
    names.flatMap((name, i) => (name === undefined || row[i] === undefined ? [] : [[name, row[i]]])),
  );
}
