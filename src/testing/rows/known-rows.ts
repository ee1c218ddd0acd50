import type { Dialect } from "../../clients/database.ts";
import type { Query, RaceStage } from "../race-stage.ts";
import { mysqlTables } from "./mysql-tables.ts";
import { postgresTables } from "./postgres-tables.ts";
import { readTable } from "./read-table.ts";
import { RowLog } from "./row-log.ts";
import type { RowTables } from "./row-table.ts";
import type { Image } from "./row-versions.ts";

/** A bound: more tables than this are not watched. */
const mostTables = 200;

/** The tables of a database, and what is known of their rows. */
export interface KnownRows {
  readonly dialect: Dialect;
  readonly query: Query;
  readonly tables: RowTables;
  readonly log: RowLog;
}

/** Reads the state that a schedule begins with. Costs a query for each table. */
export async function knownRows({
  dialect,
  query,
}: Pick<RaceStage, "query" | "dialect">): Promise<KnownRows> {
  const tables = dialect === "postgres" ? await postgresTables(query) : await mysqlTables(query);
  const initial = new Map<string, ReadonlyMap<string, Image> | string>();
  for (const [i, table] of tables.tables.entries())
    initial.set(
      table.id,
      table.refused ?? (i < mostTables ? await readTable(query, table) : "there are too many tables"),
    );
  return { dialect, query, tables, log: new RowLog(tables.tables, initial) };
}
