import { type Catalog, catalogOf } from "../catalog.ts";
import { markerTable } from "../namespace.ts";
import type { Wire } from "../wire.ts";
import { othersQuery, tablesQuery } from "./catalog-queries.ts";

/** What is in a schema. */
export async function catalog(wire: Wire, schema: string): Promise<Catalog> {
  const { rows } = await wire.send(tablesQuery("n.oid = $1::regnamespace and t.relname <> $2"), [
    schema,
    markerTable,
  ]);
  const { rows: others } = await wire.send(othersQuery("n.oid = $1::regnamespace"), [schema]);
  return catalogOf(rows, Number(others[0]?.others) > 0);
}
