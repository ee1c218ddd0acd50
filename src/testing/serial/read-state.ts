import type { Dialect, Row } from "../../clients/database.ts";
import type { Catalogue, Column, Table } from "./catalogue.ts";
import type { Ask, State, StoredRow, TableState } from "./outcome.ts";

/** A table with more rows than these is not compared. */
export const mostRows = 10_000;

/**
 * What is in the tables, in one statement per table and in an order that does not depend on how the rows are stored.
 * Every value is read as the text that the server writes for it, so that no driver's conversion matters.
 */
export async function readState(ask: Ask, catalogue: Catalogue): Promise<State> {
  const tables = new Map<string, TableState>();
  for (const table of catalogue.tables)
    tables.set(table.name, await readTable(ask, table, catalogue.dialect));
  return { tables };
}

async function readTable(ask: Ask, table: Table, dialect: Dialect): Promise<TableState> {
  const { name, quoted, columns, made = false } = table;
  if (made && !(await isThere(ask, table, dialect))) return { type: "rows", rows: [] };
  const values = columns.map((column, i) => `${asText(column, dialect)} as c${i}`);
  const order = columns.length === 0 ? "" : ` order by ${columns.map((_, i) => i + 1).join(", ")}`;
  const list = values.length === 0 ? "1 as c0" : values.join(", ");
  const rows = await ask(`select ${list} from ${quoted}${order} limit ${mostRows + 1}`);
  if (rows.length > mostRows)
    return { type: "left-out", why: `${name} has more than ${mostRows} rows and was not compared` };
  return { type: "rows", rows: rows.map((row) => columns.map((_, i) => textAt(row, i))) };
}

async function isThere(ask: Ask, { quoted }: Table, dialect: Dialect): Promise<boolean> {
  if (dialect === "postgres") {
    const [row] = await ask(
      `select relispopulated as found from pg_catalog.pg_class where oid = to_regclass('${quoted.replaceAll("'", "''")}')`,
    );
    return row?.found === true;
  }
  const [schema = "", name = ""] = quoted
    .slice(1, -1)
    .split("`.`")
    .map((part) => part.replaceAll("``", "`").replaceAll("'", "''"));
  return (
    (
      await ask(
        `SELECT 1 FROM information_schema.tables WHERE table_schema = '${schema}' AND table_name = '${name}'`,
      )
    ).length > 0
  );
}

function textAt(row: Row, place: number): StoredRow[number] {
  const value = row[`c${place}`];
  if (typeof value === "string") return value;
  if (Buffer.isBuffer(value)) return value.toString("utf8");
  return typeof value === "number" || typeof value === "bigint" ? String(value) : null;
}

function asText({ quoted, content }: Column, dialect: Dialect): string {
  if (dialect === "postgres") return `${quoted}::text`;
  return content === "bytes" ? `lower(hex(${quoted}))` : `cast(${quoted} as char)`;
}
