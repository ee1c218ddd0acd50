import type { RowLog } from "./row-log.ts";
import { lookedUp, type LookedUp } from "./looked-up.ts";
import { keyLookup, readStatement } from "./read-statement.ts";
import type { RowTable, RowTables } from "./row-table.ts";
import type { ShownRows } from "./shown-rows.ts";
import { rowsOf, seenOf } from "./shown-to-rows.ts";
import type { SqlToken } from "./sql-tokens.ts";
import { namesIn } from "./statement-effect.ts";
import type { WatchedStatement } from "./watched-statement.ts";

/** Records which rows a SELECT read, as far as its result and its text prove it. */
export function readRows(
  { transaction, sent, params }: WatchedStatement,
  tokens: readonly SqlToken[],
  shown: ShownRows,
  tables: RowTables,
  log: RowLog,
): void {
  const statement = readStatement(tokens);
  if (statement === undefined || [...namesIn(tokens)].some((name) => tables.views.has(name))) return;
  const told = new Set<RowTable>();
  for (const table of originsOf(shown, tables)) {
    if (!log.isWatched(table.id) || statement.named(table.name) !== 1) continue;
    const rows = rowsOf(table, shown);
    if (rows === undefined || rows.length === 0) continue;
    told.add(table);
    for (const { key, seen } of rows) log.read(table, key, seen, transaction, sent);
  }
  const asked = askedFor(tokens, params, shown, tables);
  if (asked === undefined || told.has(asked.table) || !log.isWatched(asked.table.id)) return;
  const { table, key, exact } = asked;
  if (shown.rows.length === 1) log.read(table, key, seenOf(table, shown), transaction, sent);
  else if (shown.rows.length === 0 && exact) log.read(table, key, undefined, transaction, sent);
}

function originsOf({ columns }: ShownRows, { tables }: RowTables): readonly RowTable[] {
  const ids = new Set(columns.map(({ of }) => of?.table));
  return tables.filter(({ id }) => ids.has(id));
}

/** The one row that a statement asks for by its key, which is one of whole numbers. */
function askedFor(
  tokens: readonly SqlToken[],
  params: readonly unknown[],
  { columns }: ShownRows,
  tables: RowTables,
): LookedUp | undefined {
  const found = lookedUp(keyLookup(tokens, params), tables);
  return columns.some(({ of }) => of !== undefined && of.table !== found?.table.id) ? undefined : found;
}
