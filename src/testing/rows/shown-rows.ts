import type { Dialect } from "../../clients/database.ts";
import { ownCopy } from "./own-copy.ts";

/** What a driver told of one result: its columns, and by row their values. */
export interface ShownRows {
  readonly columns: readonly ShownColumn[];
  /** By row and column; undefined where a row as an object does not tell it. */
  readonly rows: readonly (readonly unknown[])[];
}

/** Where the values of a column come from, as the server tells it. */
export interface ShownColumn {
  /** {@link RowTable.id} and the column's key there; undefined for what is no column of a table. */
  readonly of: { readonly table: string; readonly column: string } | undefined;
}

/** A result of `pg`, as far as it is read here. */
interface PgResult {
  readonly rows?: unknown;
  readonly fields?: unknown;
}

/** A column of `pg` or `mysql2`. */
interface Field {
  readonly name?: unknown;
  readonly tableID?: unknown;
  readonly columnID?: unknown;
  readonly schema?: unknown;
  readonly orgTable?: unknown;
  readonly orgName?: unknown;
}

/** The rows of an answer as it came, with where they come from; undefined where the answer has none, or several results. */
export function shownRows(raw: unknown, dialect: Dialect): ShownRows | undefined {
  const { rows, fields } = (raw ?? {}) as PgResult;
  if (!Array.isArray(rows) || !Array.isArray(fields) || !fields.every(isField)) return undefined;
  const names = fields.map(({ name }) => String(name));
  const told = names.map((name) => names.filter((other) => other === name).length === 1);
  return {
    columns: fields.map((field) => ({
      of: dialect === "postgres" ? postgresOrigin(field) : mysqlOrigin(field),
    })),
    rows: rows.map((row: unknown) =>
      names.map((name, i): unknown => {
        if (Array.isArray(row)) return ownCopy(row[i]);
        return told[i] === true && isObject(row) ? ownCopy(row[name]) : undefined;
      }),
    ),
  };
}

function isField(field: unknown): field is Field {
  return isObject(field) && !Array.isArray(field) && "name" in field;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function postgresOrigin({ tableID, columnID }: Field): ShownColumn["of"] {
  return typeof tableID === "number" && tableID > 0 && typeof columnID === "number" && columnID > 0
    ? { table: String(tableID), column: String(columnID) }
    : undefined;
}

function mysqlOrigin({ schema, orgTable, orgName }: Field): ShownColumn["of"] {
  const known = [schema, orgTable, orgName].every((part) => typeof part === "string" && part !== "");
  return known ? { table: `${String(schema)}.${String(orgTable)}`, column: String(orgName) } : undefined;
}

/** Takes the rows out of an answer of `pg`, which then is as if nothing had been asked for. */
export function withoutRows(raw: unknown): void {
  const result = raw as { rows: unknown[]; fields: unknown[] };
  result.rows = [];
  result.fields = [];
}
