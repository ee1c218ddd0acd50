import type { KeyLookup } from "./read-statement.ts";
import { rowKey } from "./row-key.ts";
import { columnNamed, onlyTableNamed, type RowTable, type RowTables } from "./row-table.ts";

/** One row that a statement asks for. */
export interface LookedUp {
  readonly table: RowTable;
  readonly key: string;
  /** Nothing but the key decides whether it is found. */
  readonly exact: boolean;
}

/** The row that a lookup by key asks for; undefined where that is not certain, or the key is not one of whole numbers. */
export function lookedUp(lookup: KeyLookup | undefined, tables: RowTables): LookedUp | undefined {
  const table = lookup === undefined ? undefined : onlyTableNamed(tables, lookup.table);
  if (lookup === undefined || table === undefined) return undefined;
  const asked = new Map([...lookup.key].map(([name, value]) => [columnNamed(table, name), value]));
  const values = table.key.map((column) => asked.get(column));
  const isWhole = values.every((value) => /^(?:0|-?[1-9]\d{0,15})$/.test(String(value)));
  const key = table.countsKeys && isWhole ? rowKey(values.map(String)) : undefined;
  if (key === undefined) return undefined;
  return { table, key, exact: lookup.exact && lookup.key.size === table.key.length };
}
