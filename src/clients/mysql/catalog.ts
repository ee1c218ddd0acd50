import { type Catalog, catalogOf } from "../catalog.ts";
import { markerTable } from "../namespace.ts";
import type { Wire } from "../wire.ts";
import { othersQuery, tablesQuery } from "./catalog-queries.ts";

/** What is in a database. */
export async function catalog(wire: Wire, database: string): Promise<Catalog> {
  const { rows } = await wire.send(tablesQuery("{} = $1 AND t.table_name <> $2"), [database, markerTable]);
  const { rows: others } = await wire.send(othersQuery("{} = $1"), [database]);
  return catalogOf(rows, Number(others[0]?.others) > 0);
}
