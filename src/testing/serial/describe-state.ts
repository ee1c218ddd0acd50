import type { Dialect } from "../../clients/database.ts";
import type { Catalogue } from "./catalogue.ts";
import { describeMysql } from "./mysql-catalogue.ts";
import type { Ask } from "./outcome.ts";
import type { Places } from "./places.ts";
import { describePostgres } from "./postgres-catalogue.ts";

/**
 * What there is to be compared: the tables of these places, and in PostgreSQL of all schemas on the session's search
 * path, in MySQL and MariaDB of its current database. To be called once the set-up has made the tables.
 */
export function describeState(
  ask: Ask,
  dialect: Dialect,
  places: Places = { schemas: [], home: undefined },
): Promise<Catalogue> {
  switch (dialect) {
    case "postgres":
      return describePostgres(ask, places);
    case "mysql":
      return describeMysql(ask, places);
  }
}
