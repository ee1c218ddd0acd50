import { type Catalog, catalogOf } from "../catalog.ts";
import { markerTable } from "../namespace.ts";
import type { Wire } from "../wire.ts";

/** What is in a schema. */
export async function catalog(wire: Wire, schema: string): Promise<Catalog> {
  const { rows } = await wire.send(
    `select t.relname as name, r.relname as referenced
     from pg_catalog.pg_class t
     left join pg_catalog.pg_constraint c on c.conrelid = t.oid and c.contype = 'f'
     left join pg_catalog.pg_class r on r.oid = c.confrelid
     where t.relnamespace = $1::regnamespace and t.relkind in ('r', 'p') and t.relname <> $2
     order by t.relname, r.relname`,
    [schema, markerTable],
  );
  const { rows: others } = await wire.send(
    `select exists (select 1 from pg_catalog.pg_class where relnamespace = $1::regnamespace and relkind not in ('r', 'p', 'i', 'I', 'S', 't'))
         or exists (select 1 from pg_catalog.pg_proc where pronamespace = $1::regnamespace)
         or exists (select 1 from pg_catalog.pg_trigger g join pg_catalog.pg_class t on t.oid = g.tgrelid
                    where t.relnamespace = $1::regnamespace and not g.tgisinternal) as opaque`,
    [schema],
  );
  return catalogOf(rows, others[0]?.opaque === true);
}
