import type { Row } from "../../clients/database.ts";
import { buildCatalogue, toKey, toReference, type FoundColumn } from "./build-catalogue.ts";
import type { Catalogue, ColumnContent } from "./catalogue.ts";
import type { Ask } from "./outcome.ts";
import type { Places } from "./places.ts";

/**
 * Tables of these schemas, and of all schemas on the search path of the session that asks; those of extensions and those
 * that it may not read left out. A partitioned table counts once, and so does a materialized view that was filled.
 */
export async function describePostgres(ask: Ask, { schemas, home }: Places): Promise<Catalogue> {
  const fill = (sql: string): string =>
    sql
      .replaceAll(
        placesMark,
        `(current_schemas(false)::text[] || array[${schemas.map(quoteText).join(", ")}]::text[])`,
      )
      .replaceAll(homeMark, home === undefined ? "current_schema()" : quoteText(home));
  const columns = await ask(fill(columnsSql));
  const constraints = await ask(fill(constraintsSql));
  const sequences = await ask(fill(sequencesSql));
  return buildCatalogue("postgres", {
    columns: columns.map(toColumn),
    references: constraints.filter(({ kind }) => kind === "f").map(toReference),
    primaryKeys: constraints.filter(({ kind }) => kind === "p").map(toKey),
    sequences: sequences.map(({ quoted }) => String(quoted)),
  });
}

function toColumn(row: Row): FoundColumn {
  const type = String(row.type_name);
  return {
    table: String(row.table_name),
    quotedTable: String(row.quoted_table),
    name: String(row.column_name),
    quoted: String(row.quoted_column),
    content: contents[type] ?? "text",
    source: sourceOf(row, type),
    autoIncrement: false,
  };
}

const contents: Readonly<Record<string, ColumnContent>> = {
  int2: "exact",
  int4: "exact",
  int8: "exact",
  numeric: "exact",
  oid: "exact",
  float4: "float",
  float8: "float",
  bytea: "bytes",
};

function sourceOf(row: Row, type: string): FoundColumn["source"] {
  if (row.identity !== "") return "key";
  if (row.generated !== "") return "computed";
  const value = row.default_value;
  if (typeof value !== "string") return "given";
  if (/\bnextval\(/i.test(value)) return "key";
  if (isConstant(value)) return "given";
  return type === "uuid" || /uuid/i.test(value) ? "key" : "computed";
}

/** As `pg_get_expr` writes it: quoted text, numbers, and casts. */
function isConstant(expression: string): boolean {
  const bare = expression
    .replaceAll(/'(?:[^']|'')*'/g, "")
    .replaceAll(/::[\w ".]+(?:\(\d+(?:,\s*\d+)?\))?/g, "");
  return !/[a-z_]\w*"?\s*\(|\b(?:current|local|session)_?(?:time|date|timestamp|user|role|catalog|schema)/i.test(
    bare,
  );
}

const placesMark = "<places>";
const homeMark = "<home>";

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** In the first schema of the search path a table's name alone will do. */
const nameOf = (relation: string, schema: string): string =>
  `case when ${schema}.nspname = ${homeMark} then ${relation}.relname::text
        else ${schema}.nspname || '.' || ${relation}.relname end`;

const isUsers = (relation: string, schema: string): string =>
  `${schema}.nspname::text = any(${placesMark})
   and not exists (select 1 from pg_catalog.pg_depend e
                   where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = ${relation}.oid and e.deptype = 'e')`;

const columnsSql = `
  select ${nameOf("c", "n")} as table_name, format('%I.%I', n.nspname, c.relname) as quoted_table,
         a.attname::text as column_name, quote_ident(a.attname) as quoted_column, t.typname::text as type_name,
         a.attidentity::text as identity, a.attgenerated::text as generated,
         pg_catalog.pg_get_expr(d.adbin, d.adrelid) as default_value
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where (c.relkind in ('r', 'p') or c.relkind = 'm' and c.relispopulated) and not c.relispartition and ${isUsers("c", "n")}
    and has_table_privilege(c.oid, 'select')
  order by n.nspname, c.relname, a.attnum`;

const constraintsSql = `
  select k.contype::text as kind, ${nameOf("c", "n")} as table_name, a.attname::text as column_name,
         ${nameOf("r", "rn")} as to_table, ra.attname::text as to_column
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_class c on c.oid = k.conrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  cross join lateral unnest(k.conkey) with ordinality as own(attnum, place)
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = own.attnum
  left join pg_catalog.pg_class r on r.oid = k.confrelid
  left join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
  left join pg_catalog.pg_attribute ra on ra.attrelid = r.oid and ra.attnum = k.confkey[own.place]
  where k.contype in ('p', 'f') and n.nspname::text = any(${placesMark})
  order by n.nspname, c.relname, k.oid, own.place`;

const sequencesSql = `
  select format('%I.%I', n.nspname, c.relname) as quoted
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where ${isUsers("c", "n")}
    and case when c.relkind = 'S' then has_sequence_privilege(c.oid, 'update') and has_sequence_privilege(c.oid, 'select')
             else false end
  order by 1`;
