/**
 * Asks for the tables of some namespaces, as rows of (name, referenced): another table that is tied to it, so that who
 * writes the one may touch the other, or null. Ties are foreign keys, inheritance (partitions too), and a sequence
 * from which the defaults of both are taken.
 *
 * @param which a condition on the namespace `n` and the table `t`
 */
export function tablesQuery(which: string): string {
  return `select t.relname as name, r.relname as referenced
     from pg_catalog.pg_class t
     join pg_catalog.pg_namespace n on n.oid = t.relnamespace
     left join (
       select conrelid as one, confrelid as other from pg_catalog.pg_constraint where contype = 'f'
       union select inhrelid, inhparent from pg_catalog.pg_inherits
       union select a.adrelid, b.adrelid
         from (${defaultsOfSequences}) a join (${defaultsOfSequences}) b using (sequence)
         where a.adrelid <> b.adrelid
     ) tie on tie.one = t.oid
     left join pg_catalog.pg_class r on r.oid = tie.other
     where ${which} and t.relkind in ('r', 'p')
     order by t.relname, r.relname`;
}

const defaultsOfSequences = `select f.adrelid, d.refobjid as sequence
  from pg_catalog.pg_attrdef f
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_attrdef'::regclass and d.objid = f.oid
    and d.refclassid = 'pg_catalog.pg_class'::regclass
  join pg_catalog.pg_class s on s.oid = d.refobjid and s.relkind = 'S'`;

/**
 * Asks how many things there are, as `others`, by which a statement may touch more than the tables that it names and
 * those tied to them: views and the like, functions, triggers, rules, row security policies, and defaults that find
 * their sequence only when they are used.
 *
 * @param which a condition on the namespace `n`
 */
export function othersQuery(which: string): string {
  const ofTables = `join pg_catalog.pg_class t on t.oid = x.of join pg_catalog.pg_namespace n on n.oid = t.relnamespace`;
  return `select
       (select count(*) from pg_catalog.pg_class t join pg_catalog.pg_namespace n on n.oid = t.relnamespace
        where ${which} and t.relkind not in ('r', 'p', 'i', 'I', 'S', 't'))
     + (select count(*) from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where ${which})
     + (select count(*) from (
          select tgrelid as of from pg_catalog.pg_trigger where not tgisinternal
          union all select ev_class from pg_catalog.pg_rewrite where rulename <> '_RETURN'
          union all select polrelid from pg_catalog.pg_policy
          union all select adrelid from pg_catalog.pg_attrdef
            where pg_catalog.pg_get_expr(adbin, adrelid) ~ 'nextval\\(.*::text'
        ) x ${ofTables} where ${which}) as others`;
}
