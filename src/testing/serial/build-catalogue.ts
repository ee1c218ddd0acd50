import type { Dialect, Row } from "../../clients/database.ts";
import type { Catalogue, Column, ColumnContent, Table } from "./catalogue.ts";
import { groupBy } from "./group-by.ts";

/** A column as the server describes it. */
export interface FoundColumn {
  /** The table's name in the catalogue. */
  readonly table: string;
  readonly quotedTable: string;
  readonly name: string;
  readonly quoted: string;
  readonly content: ColumnContent;
  /**
   * `key`: the server hands out a value that no other row has. `computed`: the server makes the value, and it need not
   * be the same next time. `given`: the statement's value, or a constant.
   */
  readonly source: "key" | "computed" | "given";
  readonly autoIncrement: boolean;
}

/** One column of a key. Names are the catalogue's. */
export interface FoundKey {
  readonly table: string;
  readonly column: string;
}

/** One column of a foreign key. Names are the catalogue's. */
export interface FoundReference extends FoundKey {
  readonly toTable: string;
  readonly toColumn: string;
}

/** A row of an answer with `table_name`, `column_name`, `to_table` and `to_column`, as a column of a foreign key. */
export function toReference(row: Row): FoundReference {
  return { ...toKey(row), toTable: String(row.to_table), toColumn: String(row.to_column) };
}

/** A row of an answer with `table_name` and `column_name`, as a column of a key. */
export function toKey(row: Row): FoundKey {
  return { table: String(row.table_name), column: String(row.column_name) };
}

/** What the server says. */
export interface Found {
  readonly columns: readonly FoundColumn[];
  readonly references: readonly FoundReference[];
  readonly primaryKeys: readonly FoundKey[];
  readonly sequences: readonly string[];
}

/**
 * Follows foreign keys to generated columns, and leaves out what cannot be compared: columns that the server computes,
 * and those that reference them.
 */
export function buildCatalogue(dialect: Dialect, found: Found): Catalogue {
  const byTable = groupBy(found.columns, ({ table }) => table);
  const origins = new Origins(found);
  const tables: Table[] = [];
  for (const [name, columns] of byTable) {
    const [first] = columns;
    if (first === undefined) continue;
    tables.push({
      name,
      quoted: first.quotedTable,
      columns: columns.flatMap((column) => compared(column, origins)),
      computed: columns.filter((column) => origins.of(column).type === "computed").map(({ name: of }) => of),
      primaryKey: found.primaryKeys.filter((key) => key.table === name).map(({ column }) => column),
      autoIncrement: columns.find(({ autoIncrement }) => autoIncrement)?.name,
    });
  }
  tables.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { dialect, tables, sequences: found.sequences };
}

function compared(column: FoundColumn, origins: Origins): readonly Column[] {
  const origin = origins.of(column);
  if (origin.type === "computed") return [];
  const { name, quoted, content } = column;
  return [{ name, quoted, content, keyOf: origin.type === "key" ? origin.of : undefined }];
}

type Origin =
  { readonly type: "key"; readonly of: string } | { readonly type: "computed" } | { readonly type: "given" };

/** Where the values of columns come from, through any number of foreign keys. */
class Origins {
  readonly #columns: ReadonlyMap<string, FoundColumn>;
  readonly #references: ReadonlyMap<string, readonly FoundReference[]>;

  constructor({ columns, references }: Found) {
    this.#columns = new Map(columns.map((column) => [placeOf(column.table, column.name), column]));
    this.#references = groupBy(references, ({ table, column }) => placeOf(table, column));
  }

  of(column: FoundColumn, seen: ReadonlySet<string> = new Set()): Origin {
    const place = placeOf(column.table, column.name);
    if (column.source === "key") return { type: "key", of: place };
    if (column.source === "computed") return { type: "computed" };
    if (seen.has(place)) return { type: "given" };
    const origins = (this.#references.get(place) ?? []).map(({ toTable, toColumn }) => {
      const target = this.#columns.get(placeOf(toTable, toColumn));
      return target === undefined ? undefined : this.of(target, new Set([...seen, place]));
    });
    return origins.find((origin) => origin !== undefined && origin.type !== "given") ?? { type: "given" };
  }
}

function placeOf(table: string, column: string): string {
  return `${table}.${column}`;
}
