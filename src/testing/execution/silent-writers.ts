import { mayWrite } from "../../runner/hides-writes.ts";
import { mentions } from "../mentions.ts";
import { isMysqlUserSchema, isPostgresUserSchema } from "../user-schemas.ts";
import type { RaceStage } from "../race-stage.ts";

/** What a statement may write though neither its text nor the rows that its answer counts say so. */
export interface SilentWriters {
  /** It may have written something. */
  mayWrite(sql: string): boolean;
  /** What it writes is there for good even where its transaction is rolled back. */
  lasts(sql: string): boolean;
  /** It may make its connection look for tables elsewhere (PostgreSQL). */
  moves(sql: string): boolean;
}

/**
 * Asks which routines, views, triggers, rules and policies there are, and which tables of engines without transactions.
 * A statement that names such a routine, view or protected table may write; one that writes, and names a table with a
 * trigger or a rule, may have done so without touching a row of that table.
 */
export async function silentWriters({
  query,
  dialect,
}: Pick<RaceStage, "query" | "dialect">): Promise<SilentWriters> {
  const { rows } = await query(dialect === "postgres" ? postgresNames : mysqlNames);
  const named = (kind: string): ((sql: string) => boolean) =>
    mentions(rows.filter((row) => row.kind === kind).map(({ name }) => String(name)));
  const [calls, fires, lasts] = [named("called"), named("fired"), named("lasting")];
  const moves = named("moving");
  return {
    mayWrite: (sql) => calls(sql) || (mayWrite(sql) && fires(sql)),
    lasts: (sql) => mayWrite(sql) && lasts(sql),
    moves: (sql) => dialect === "postgres" && (/\bsearch_path\b/i.test(sql) || moves(sql)),
  };
}

/** Of extensions only what may do something: a hash is the same each time. */
const postgresNames = `
  select 'called' as kind, p.proname::text as name
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where ${isPostgresUserSchema} and (p.provolatile = 'v' or not exists
    (select 1 from pg_catalog.pg_depend e
     where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e'))
  union select 'moving', p.proname::text
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where ${isPostgresUserSchema} and p.prosrc ilike '%search_path%'
  union select 'called', c.relname::text
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where ${isPostgresUserSchema}
    and (c.relkind in ('v', 'f') or exists (select 1 from pg_catalog.pg_policy y where y.polrelid = c.oid))
  union select 'fired', c.relname::text
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where ${isPostgresUserSchema}
    and (exists (select 1 from pg_catalog.pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)
         or exists (select 1 from pg_catalog.pg_rewrite r where r.ev_class = c.oid and r.ev_type <> '1'))`;

const mysqlNames = `
  SELECT 'called' AS kind, routine_name AS name FROM information_schema.routines WHERE routine_schema ${isMysqlUserSchema}
  UNION SELECT 'called', table_name FROM information_schema.views WHERE table_schema ${isMysqlUserSchema}
  UNION SELECT 'fired', event_object_table FROM information_schema.triggers WHERE trigger_schema ${isMysqlUserSchema}
  UNION SELECT 'lasting', table_name FROM information_schema.tables
  WHERE table_schema ${isMysqlUserSchema} AND table_type = 'BASE TABLE' AND engine <> 'InnoDB'`;
