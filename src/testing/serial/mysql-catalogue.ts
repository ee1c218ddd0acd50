import type { Row } from "../../clients/database.ts";
import { buildCatalogue, toKey, toReference, type FoundColumn } from "./build-catalogue.ts";
import type { Catalogue, ColumnContent } from "./catalogue.ts";
import type { Ask } from "./outcome.ts";
import type { Places } from "./places.ts";

/** Tables of these databases, and of the current database of the session that asks, of MySQL or MariaDB. */
export async function describeMysql(ask: Ask, { schemas, home }: Places): Promise<Catalogue> {
  const fill = (sql: string): string =>
    sql
      .replaceAll(placesMark, ["DATABASE()", ...schemas.map(quoteText)].join(", "))
      .replaceAll(homeMark, home === undefined ? "DATABASE()" : quoteText(home));
  const columns = await ask(fill(columnsSql));
  const keys = await ask(fill(keysSql));
  const sequences = await ask(fill(sequencesSql));
  return buildCatalogue("mysql", {
    columns: columns.map(toColumn),
    references: keys.filter(({ to_table: toTable }) => toTable !== null).map(toReference),
    primaryKeys: keys.filter(({ constraint_name: constraint }) => constraint === "PRIMARY").map(toKey),
    sequences: sequences.map(({ place, name }) => `${quote(String(place))}.${quote(String(name))}`),
  });
}

function toColumn(row: Row): FoundColumn {
  const [table, name] = [String(row.table_name), String(row.column_name)];
  return {
    table,
    quotedTable: `${quote(String(row.place))}.${quote(String(row.bare_name))}`,
    name,
    quoted: quote(name),
    content: contents[String(row.type_name).toLowerCase()] ?? "text",
    source: sourceOf(row),
    autoIncrement: isAutoIncrement(row),
  };
}

const contents: Readonly<Record<string, ColumnContent>> = {
  tinyint: "exact",
  smallint: "exact",
  mediumint: "exact",
  int: "exact",
  bigint: "exact",
  decimal: "exact",
  float: "float",
  double: "float",
  binary: "bytes",
  varbinary: "bytes",
  tinyblob: "bytes",
  blob: "bytes",
  mediumblob: "bytes",
  longblob: "bytes",
  bit: "bytes",
  geometry: "bytes",
  point: "bytes",
  linestring: "bytes",
  polygon: "bytes",
  multipoint: "bytes",
  multilinestring: "bytes",
  multipolygon: "bytes",
  geometrycollection: "bytes",
};

function isAutoIncrement(row: Row): boolean {
  return /auto_increment/i.test(String(row.extra));
}

/** MariaDB writes a default's text in quotes and MySQL does not: text with a bracket in it counts as a call in MySQL. */
function sourceOf(row: Row): FoundColumn["source"] {
  if (isAutoIncrement(row)) return "key";
  const extra = String(row.extra);
  if (/\b(?:virtual|stored|persistent)\b|on update/i.test(extra)) return "computed";
  const value = row.default_value;
  if (typeof value !== "string" || value.startsWith("'")) return "given";
  const isCall = /default_generated/i.test(extra) || value.includes("(") || /^current_timestamp/i.test(value);
  if (!isCall) return "given";
  return /nextval|next value|uuid/i.test(value) ? "key" : "computed";
}

function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

const placesMark = "<places>";
const homeMark = "<home>";

/** In the application's own database a table's name alone will do. */
const nameOf = (schema: string, table: string): string =>
  `CASE WHEN ${schema} = ${homeMark} THEN ${table} ELSE CONCAT(${schema}, '.', ${table}) END`;

// Names as aliases throughout: MySQL 8 answers the names of these columns in capitals.
const columnsSql = `
  SELECT ${nameOf("c.table_schema", "c.table_name")} AS table_name, c.table_schema AS place, c.table_name AS bare_name,
         c.column_name AS column_name, c.data_type AS type_name, c.extra AS extra, c.column_default AS default_value
  FROM information_schema.columns c
  JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
  WHERE c.table_schema IN (${placesMark}) AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
  ORDER BY c.table_schema, c.table_name, c.ordinal_position`;

const keysSql = `
  SELECT constraint_name AS constraint_name, ${nameOf("table_schema", "table_name")} AS table_name,
         column_name AS column_name, ${nameOf("referenced_table_schema", "referenced_table_name")} AS to_table,
         referenced_column_name AS to_column
  FROM information_schema.key_column_usage
  WHERE table_schema IN (${placesMark})
  ORDER BY table_schema, 2, constraint_name, ordinal_position`;

const sequencesSql = `
  SELECT table_schema AS place, table_name AS name FROM information_schema.tables
  WHERE table_schema IN (${placesMark}) AND table_type = 'SEQUENCE' ORDER BY table_schema, table_name`;
