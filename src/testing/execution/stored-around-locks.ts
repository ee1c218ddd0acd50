import type { Dialect, Row } from "../../clients/database.ts";
import { mentions } from "../mentions.ts";
import { isMysqlUserSchema, isPostgresUserSchema } from "../user-schemas.ts";

/** Something that is stored in the database: the name by which a statement comes to it, and its text. */
interface Stored {
  readonly name: string;
  readonly text: string;
}

/**
 * Asks which routines, views, triggers, rules, policies and defaults there are that may go around the locks of others, or
 * end a wait for them, or lead to one that does.
 *
 * @returns whether a statement names one of them, or a table that has one
 */
export async function storedAroundLocks(
  ask: (sql: string) => Promise<readonly Row[]>,
  dialect: Dialect,
): Promise<(sql: string) => boolean> {
  const rows = await ask(dialect === "postgres" ? postgresStored : mysqlStored);
  let left: readonly Stored[] = rows.map(({ name, text }) => ({ name: String(name), text: String(text) }));
  const found = new Set<string>();
  for (;;) {
    const leads = mentions([...found]);
    const more = left.filter(({ text }) => aroundInCode.test(text) || leads(text));
    if (more.length === 0) return mentions([...found]);
    for (const { name } of more) found.add(name);
    left = left.filter((one) => !more.includes(one));
  }
}

/** Code may tell by anything that it did not get a lock, and may catch the error. */
const aroundInCode =
  /\bskip\s+locked\b|\bnowait\b|\bwait\s+\d|\bpg_try_advisory|\bget_lock\b|\bis_(?:free|used)_lock\b|\bpg_locks\b|lock_(?:wait_)?timeout|statement_(?:timeout|time)\b|\block_not_available\b|\bquery_canceled\b|\b55P03\b|\b57014\b|\b(?:1205|3572)\b/i;

const postgresStored = `
  select p.proname::text as name, pg_catalog.pg_get_functiondef(p.oid) as text
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  join pg_catalog.pg_language l on l.oid = p.prolang
  where l.lanname not in ('c', 'internal') and p.prokind in ('f', 'p') and ${isPostgresUserSchema}
  union all select c.relname::text, pg_catalog.pg_get_ruledef(r.oid)
  from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${isPostgresUserSchema}
  union all select c.relname::text, pg_catalog.pg_get_triggerdef(t.oid)
  from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace where not t.tgisinternal and ${isPostgresUserSchema}
  union all select c.relname::text,
    concat(pg_catalog.pg_get_expr(y.polqual, y.polrelid), ' ', pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid))
  from pg_catalog.pg_policy y join pg_catalog.pg_class c on c.oid = y.polrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${isPostgresUserSchema}
  union all select c.relname::text, pg_catalog.pg_get_expr(d.adbin, d.adrelid)
  from pg_catalog.pg_attrdef d join pg_catalog.pg_class c on c.oid = d.adrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${isPostgresUserSchema}`;

const mysqlStored = `
  SELECT routine_name AS name, routine_definition AS text FROM information_schema.routines WHERE routine_schema ${isMysqlUserSchema}
  UNION ALL SELECT table_name, view_definition FROM information_schema.views WHERE table_schema ${isMysqlUserSchema}
  UNION ALL SELECT event_object_table, action_statement FROM information_schema.triggers WHERE trigger_schema ${isMysqlUserSchema}`;
