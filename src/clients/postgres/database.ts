import { sessionRoute, type Side, type SideOptions } from "../side.ts";
import { openConnection } from "./connection.ts";
import { catalog } from "./catalog.ts";
import { describe } from "./describe.ts";
import { lockWaiters } from "./lock-waiters.ts";
import { namespaces } from "./namespace.ts";
import { rules } from "./rules.ts";
import { postgresWatcher } from "./watcher.ts";

/** PostgreSQL, over `pg`. Sessions of a run carry the namespace as `application_name`. */
export function postgresSide(options: SideOptions): Side {
  return {
    dialect: "postgres",
    rules,
    namespaces,
    openControl: () =>
      openConnection(options, undefined, `${options.namespace}/control`, undefined, options.isolation),
    openSession: (namespace, isolation) =>
      openConnection(options, sessionRoute(options), namespace, namespace, isolation),
    describe: (wire) => describe(wire, options.settings),
    sessions: async (wire, namespace) => {
      const { rows } = await wire.send(
        "select pid from pg_catalog.pg_stat_activity where application_name = $1 and datname = current_database() order by pid",
        [namespace],
      );
      return rows.map((row) => Number(row.pid));
    },
    lockWaiters,
    watcher: postgresWatcher,
    catalog,
    // On a server of ours nothing analyzes or vacuums a table by itself.
    steady: () => [],
    empty: (tables) => [`truncate ${tables.map((name) => `"${name}"`).join(", ")} restart identity cascade`],
    endSession: async (wire, namespace, sessionId) => {
      // One statement, so that an id which was given to somebody else meanwhile is not hit.
      const { rows } = await wire.send(
        "select pg_terminate_backend(pid) as ended from pg_catalog.pg_stat_activity where pid = $2 and application_name = $1 and datname = current_database()",
        [namespace, sessionId],
      );
      return rows[0]?.ended === true;
    },
    cancelStatement: async (wire, namespace, sessionId) => {
      await wire.send(
        "select pg_cancel_backend(pid) from pg_catalog.pg_stat_activity where pid = $2 and application_name = $1 and datname = current_database()",
        [namespace, sessionId],
      );
    },
  };
}
