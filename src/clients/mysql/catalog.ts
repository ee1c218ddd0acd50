import { type Catalog, catalogOf } from "../catalog.ts";
import { markerTable } from "../namespace.ts";
import type { Wire } from "../wire.ts";

/** What is in a database. */
export async function catalog(wire: Wire, database: string): Promise<Catalog> {
  const { rows } = await wire.send(
    `SELECT t.table_name AS name, c.referenced_table_name AS referenced
     FROM information_schema.tables t
     LEFT JOIN information_schema.referential_constraints c
       ON c.constraint_schema = t.table_schema AND c.table_name = t.table_name
     WHERE t.table_schema = $1 AND t.table_type = 'BASE TABLE' AND t.table_name <> $2
     ORDER BY 1, 2`,
    [database, markerTable],
  );
  const { rows: others } = await wire.send(
    `SELECT (SELECT COUNT(*) FROM information_schema.views WHERE table_schema = $1)
          + (SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = $1)
          + (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = $1) AS others`,
    [database],
  );
  return catalogOf(rows, Number(others[0]?.others) > 0);
}
