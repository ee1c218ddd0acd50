import type { Dialect } from "../../clients/database.ts";
import type { Catalogue } from "./catalogue.ts";
import { describeMysql } from "./mysql-catalogue.ts";
import type { Ask } from "./outcome.ts";
import { describePostgres } from "./postgres-catalogue.ts";

/**
 * What there is to be compared: in PostgreSQL the tables of all schemas on the session's search path, in MySQL and
 * MariaDB those of its current database. To be called once the set-up has made the tables.
 */
export function describeState(ask: Ask, dialect: Dialect): Promise<Catalogue> {
  switch (dialect) {
    case "postgres":
      return describePostgres(ask);
    case "mysql":
      return describeMysql(ask);
  }
}
