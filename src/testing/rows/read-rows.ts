import { lookedUp, type LookedUp } from "./looked-up.ts";
import { keyLookup, type ReadStatement, readStatement } from "./read-statement.ts";
import type { RowLog } from "./row-log.ts";
import type { RowTable, RowTables } from "./row-table.ts";
import type { ShownRows } from "./shown-rows.ts";
import { rowsOf, seenOf } from "./shown-to-rows.ts";
import type { SqlToken } from "./sql-tokens.ts";
import type { Image } from "./row-versions.ts";
import { namesIn } from "./statement-effect.ts";
import type { WatchedStatement } from "./watched-statement.ts";
import { isName, isWord } from "./write-statement.ts";

/** A row that was read, and what was seen of it; undefined: that it was not there. */
interface ReadRow {
  readonly table: RowTable;
  readonly key: string;
  readonly seen: Image;
}

/**
 * Records which rows a SELECT read, as far as its result and its text prove it, and of which tables it showed something
 * else.
 */
export function readRows(
  { transaction, sent, params, sql }: WatchedStatement,
  { tokens, shown, tables, log, step }: ReadAnswer,
): void {
  const statement = readStatement(tokens);
  const names = namesIn(tokens);
  const isPlain = statement !== undefined && ![...names].some((name) => tables.views.has(name));
  const { rows, told } = isPlain
    ? provenRows(statement, { tokens, params, shown, tables, log })
    : { rows: [], told: new Set<RowTable>() };
  if (shown.rows.length > 0) {
    const locked = isPlain && locksItsRows(tokens) ? step : undefined;
    const isWhole = shown.columns.every(({ of }) => of !== undefined);
    for (const table of mayShow(names, tokens, tables, isWhole))
      if (log.isWatched(table.id) && !(isWhole && told.has(table)))
        log.glimpse(table, transaction, sql, locked);
  }
  for (const { table, key, seen } of rows) log.read(table, key, seen, transaction, sent);
}

/** What a SELECT was answered. */
interface ReadAnswer {
  readonly tokens: readonly SqlToken[];
  readonly shown: ShownRows;
  readonly tables: RowTables;
  readonly log: RowLog;
  /** In which it was answered. */
  readonly step: number;
}

/** `FOR UPDATE` or the like of all rows that are shown. */
function locksItsRows(tokens: readonly SqlToken[]): boolean {
  const isShare = tokens.some((token, i) => isWord(token, "lock") && isWord(tokens[i + 1], "in"));
  const isFor = tokens.some(
    (token, i) =>
      isWord(token, "for") && ["update", "no", "share", "key"].some((word) => isWord(tokens[i + 1], word)),
  );
  const parts = tokens.filter((token) => isWord(token, "select")).length > 1;
  return (isShare || isFor) && !parts && !tokens.some((token) => isWord(token, "of"));
}

/** A SELECT that was answered. */
interface Answered {
  readonly tokens: readonly SqlToken[];
  readonly params: readonly unknown[];
  readonly shown: ShownRows;
  readonly tables: RowTables;
  readonly log: RowLog;
}

/** Rows that are proven to have been read, and the tables of which these are all. */
function provenRows(
  statement: ReadStatement,
  { tokens, params, shown, tables, log }: Answered,
): { readonly rows: readonly ReadRow[]; readonly told: ReadonlySet<RowTable> } {
  const told = new Set<RowTable>();
  const found: ReadRow[] = [];
  for (const table of originsOf(shown, tables)) {
    if (!log.isWatched(table.id) || statement.named(table.name) !== 1) continue;
    const rows = rowsOf(table, shown);
    if (rows === undefined || rows.length === 0) continue;
    told.add(table);
    for (const { key, seen } of rows) found.push({ table, key, seen });
  }
  const asked = askedFor(tokens, params, shown, tables);
  if (asked === undefined || told.has(asked.table) || !log.isWatched(asked.table.id))
    return { rows: found, told };
  const { table, key, exact } = asked;
  if (shown.rows.length === 1) {
    told.add(table);
    found.push({ table, key, seen: seenOf(table, shown) });
  } else if (shown.rows.length === 0 && exact) found.push({ table, key, seen: undefined });
  return { rows: found, told };
}

/** Functions of the servers that show nothing of a table. */
const blind =
  /^(?:now|pg_\w+|nextval|lastval|currval|setval|set_config|current_\w+|version|\w*uuid\w*|last_insert_id|row_count|found_rows|(?:get|release|is_free|is_used)_lock|connection_id|in|and|or|as|from|select|values|exists|any|all)$/;

/** Tables of which a SELECT may show something: by a view or a function, any. */
function mayShow(
  names: ReadonlySet<string>,
  tokens: readonly SqlToken[],
  { tables, views, functions }: RowTables,
  isWhole: boolean,
): readonly RowTable[] {
  if ([...names].some((name) => views.has(name) || functions.has(name))) return tables;
  const named = tables.filter(({ name }) => names.has(name.toLowerCase()));
  const calls = tokens.some(
    (token, i) => tokens[i + 1]?.raw === "(" && isName(token) && !blind.test(token.text),
  );
  return named.length === 0 && calls && !isWhole ? tables : named;
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
