import type { Row } from "../../clients/database.ts";
import type { RaceStage } from "../race-stage.ts";
import { isMysqlUserSchema, isPostgresUserSchema } from "../user-schemas.ts";
import type { KeysOf } from "./chosen-by-key.ts";

/** Columns of a key. */
type Key = readonly string[];

/**
 * Asks for the keys of the tables that are there now: primary keys, and unique indexes of plain columns and all rows
 * that are looked after by each statement. Of tables that go by one name in several schemas it answers what is a key in
 * each of them, and of a table that is not there, nothing.
 */
export async function tableKeys({ query, dialect }: Pick<RaceStage, "query" | "dialect">): Promise<KeysOf> {
  const { rows } = await query(dialect === "postgres" ? postgresKeys : mysqlKeys);
  const found = new Map<string, readonly Key[]>();
  for (const [name, namesakes] of grouped(rows, "name")) {
    const places = [...grouped(namesakes, "place").values()].map(keysIn);
    found.set(
      name,
      places.flat().filter((key) => places.every((keys) => keys.some((part) => isWithin(part, key)))),
    );
  }
  return (table) => found.get(table) ?? [];
}

function keysIn(rows: readonly Row[]): readonly Key[] {
  return [...grouped(rows, "key").values()]
    .filter((columns) => columns.every(({ column }) => column !== null))
    .map((columns) => columns.map(({ column }) => String(column).toLowerCase()));
}

function isWithin(part: Key, whole: Key): boolean {
  return part.every((column) => whole.includes(column));
}

function grouped(rows: readonly Row[], by: "name" | "place" | "key"): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = String(row[by]).toLowerCase();
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(row);
  }
  return groups;
}

/** A row with nulls for a table without keys. What inherits from a table has its rows, and not its keys. */
const postgresKeys = `
  select t.relname::text as name, t.oid::text as place, i.indexrelid::text as key, a.attname::text as column
  from pg_catalog.pg_class t
  join pg_catalog.pg_namespace n on n.oid = t.relnamespace
  left join pg_catalog.pg_index i on i.indrelid = t.oid and i.indisunique and i.indisvalid and i.indimmediate
    and i.indpred is null and i.indexprs is null and (t.relkind = 'p' or not t.relhassubclass)
  left join pg_catalog.pg_attribute a on a.attrelid = t.oid
    and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])
  where ${isPostgresUserSchema} and t.relkind in ('r', 'p')`;

/** The same; an expression has no column's name. */
const mysqlKeys = `
  SELECT t.table_name AS name, CONCAT(t.table_schema, '.', t.table_name) AS place, s.index_name AS \`key\`,
    s.column_name AS \`column\`
  FROM information_schema.tables t
  LEFT JOIN information_schema.statistics s
    ON s.table_schema = t.table_schema AND s.table_name = t.table_name AND s.non_unique = 0
  WHERE t.table_schema ${isMysqlUserSchema} AND t.table_type = 'BASE TABLE'`;
