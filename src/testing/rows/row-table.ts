/** A table whose rows are watched, or why they are not. */
export interface RowTable {
  /** Told apart from all others: the server's number of it, or `schema.name`. */
  readonly id: string;
  readonly name: string;
  /** As SQL, with its schema. */
  readonly sql: string;
  /** By the server's number of the column (PostgreSQL) or its name (MySQL), in their order. */
  readonly columns: ReadonlyMap<string, string>;
  /** Columns whose values are not told alike by all connections. */
  readonly vague: ReadonlySet<string>;
  /** Columns of numbers that stand for truth values. */
  readonly flags: ReadonlySet<string>;
  /** Columns of the primary key, in one order; empty where there is none. */
  readonly key: readonly string[];
  /** The key is one of whole numbers. */
  readonly countsKeys: boolean;
  /** Tables, by id, whose rows the server changes by itself when a row here is deleted or replaced. */
  readonly cascades: readonly string[];
  /** A write of it runs code on the server, which may write anything. */
  readonly runsCode: boolean;
  /** Why its rows cannot be watched; undefined where they can. */
  readonly refused: string | undefined;
}

/** The tables of a database, and what else there is that bears on who wrote what. */
export interface RowTables {
  readonly tables: readonly RowTable[];
  /** Names of the user's own functions that may write. */
  readonly functions: ReadonlySet<string>;
  /** Names of views, in lower case. */
  readonly views: ReadonlySet<string>;
}

/** The table that goes by a name, in whatever schema, with upper and lower case the same; undefined unless there is one. */
export function onlyTableNamed({ tables }: RowTables, name: string): RowTable | undefined {
  const [table, another] = tables.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  return another === undefined ? table : undefined;
}

/**
 * The column that goes by a name: of PostgreSQL's columns `n` and `"N"` each its own, else with upper and lower case the
 * same. Undefined unless there is one.
 *
 * @param name without its quotes, or in lower case where it had none
 */
export function columnNamed({ columns }: RowTable, name: string): string | undefined {
  const alike = [...columns.values()].filter((column) => column.toLowerCase() === name.toLowerCase());
  return alike.find((column) => column === name) ?? (alike.length === 1 ? alike[0] : undefined);
}

/** A table, and all that a row's end or change there may change. Linear. */
export function reachedFrom({ tables }: RowTables, table: RowTable): readonly RowTable[] {
  const reached = new Set([table.id]);
  for (const id of reached)
    for (const next of tables.find((one) => one.id === id)?.cascades ?? []) reached.add(next);
  return tables.filter(({ id }) => reached.has(id));
}

/** `key` as what an object of the history is called. */
export function objectName({ name }: RowTable, key: string): string {
  return `${name}/${key}`;
}
