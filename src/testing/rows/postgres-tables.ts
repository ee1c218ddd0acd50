import type { Row } from "../../clients/database.ts";
import type { Query } from "../race-stage.ts";
import type { RowTable, RowTables } from "./row-table.ts";

const ofUser = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'";

/**
 * A table takes part where `RETURNING` shows all that a statement writes: an ordinary one, with a primary key, without
 * rules and triggers, whose rows everybody who may write them may read. Those who may write by a grant on single
 * columns cannot be told, so that such tables are left out.
 */
const tables = `select c.oid::text as id, c.relname as name, format('%I.%I', n.nspname, c.relname) as sql, c.relkind as kind,
    c.relispartition or c.relhassubclass
      or exists (select from pg_catalog.pg_inherits i where i.inhrelid = c.oid) as inherits,
    exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attgenerated = 'v') as virtual,
    c.relrowsecurity as policies, c.relpersistence = 't' as temporary,
    c.relhasrules or exists (select from pg_catalog.pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) as triggers,
    exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attacl is not null)
      or exists (select from aclexplode(c.relacl) w where w.privilege_type in ('INSERT', 'UPDATE', 'DELETE')
        and not exists (select from aclexplode(c.relacl) r
          where r.privilege_type = 'SELECT' and r.grantee in (w.grantee, 0))) as hidden,
    (select array_agg(a.attnum::text || ' ' || a.attname order by a.attnum) from pg_catalog.pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum)) from pg_catalog.pg_index i
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
      where i.indrelid = c.oid and i.indisprimary) as key,
    (select bool_and(a.atttypid in (20, 21, 23)) from pg_catalog.pg_index i
      join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
      where i.indrelid = c.oid and i.indisprimary) as counts,
    (select array_agg(f.conrelid::text) from pg_catalog.pg_constraint f where f.confrelid = c.oid and f.contype = 'f'
      and (f.confdeltype in ('c', 'n', 'd') or f.confupdtype in ('c', 'n', 'd'))) as cascades,
    (select string_agg(pg_get_expr(d.adbin, d.adrelid), ' ') from pg_catalog.pg_attrdef d where d.adrelid = c.oid) as defaults,
    (select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_catalog.pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c') as checks
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where ${ofUser} and c.relkind in ('r', 'p', 'v', 'm', 'f') order by n.nspname, c.relname`;

const functions = `select distinct p.proname::text as name from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_language l on l.oid = p.prolang
  where ${ofUser} and p.provolatile = 'v' and l.lanname not in ('c', 'internal')`;

/** The tables of a PostgreSQL database as they are now. */
export async function postgresTables(query: Query): Promise<RowTables> {
  const { rows } = await query(tables);
  const written = new Set((await query(functions)).rows.map(({ name }) => String(name)));
  const isTable = ({ kind }: Row): boolean => kind === "r" || kind === "p";
  return {
    tables: rows.filter(isTable).map((row) => tableOf(row, written)),
    functions: written,
    views: new Set(rows.filter((row) => !isTable(row)).map(({ name }) => String(name).toLowerCase())),
  };
}

function tableOf(row: Row, functions: ReadonlySet<string>): RowTable {
  const key = strings(row.key);
  const code = `${text(row.defaults)} ${text(row.checks)}`;
  return {
    id: text(row.id),
    name: text(row.name),
    sql: text(row.sql),
    columns: new Map(
      strings(row.columns).map((column) => {
        const [number = "", ...name] = column.split(" ");
        return [number, name.join(" ")];
      }),
    ),
    vague: new Set(),
    flags: new Set(),
    key,
    countsKeys: row.counts === true,
    cascades: strings(row.cascades),
    runsCode: row.triggers === true || [...functions].some((name) => code.includes(name)),
    refused: refusal(row, key),
  };
}

function refusal(row: Row, key: readonly string[]): string | undefined {
  if (key.length === 0) return "it has no primary key";
  if (row.kind === "p" || row.inherits === true) return "it is partitioned or inherits";
  // Reading it is computing it, which may fail.
  if (row.virtual === true) return "it has virtual generated columns";
  if (row.temporary === true) return "it is temporary";
  if (row.triggers === true) return "it has triggers or rules";
  return row.policies === true || row.hidden === true
    ? "not everybody may read it who may write it"
    : undefined;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
