import { field } from "../error-table.ts";
import { sessionRoute, type Side, type SideOptions } from "../side.ts";
import type { Wire } from "../wire.ts";
import { openConnection } from "./connection.ts";
import { catalog } from "./catalog.ts";
import { describe } from "./describe.ts";
import { lockWaiters } from "./lock-waiters.ts";
import { namespaces } from "./namespace.ts";
import { rules } from "./rules.ts";
import { mysqlWatcher } from "./watcher.ts";

/** MySQL and MariaDB, over `mysql2`. Sessions of a run are those that are in its database. */
export function mysqlSide(options: SideOptions): Side {
  return {
    dialect: "mysql",
    rules,
    namespaces,
    openControl: () => openConnection(options, undefined, undefined, options.isolation),
    openSession: (namespace, isolation) =>
      openConnection(options, sessionRoute(options), namespace, isolation),
    describe: (wire) => describe(wire, options.settings),
    sessions: async (wire, namespace) => {
      const { rows } = await wire.send(
        "SELECT id FROM information_schema.processlist WHERE db = $1 AND id <> CONNECTION_ID() ORDER BY id",
        [namespace],
      );
      return rows.map((row) => Number(row.id));
    },
    lockWaiters,
    watcher: async (wire, own) => mysqlWatcher(wire, await isMariadb(wire), own, options.clock),
    catalog,
    // InnoDB counts anew some seconds after a tenth of a table has changed (MySQL manual, 17.8.10.1).
    steady: (tables) =>
      tables.map((name) => `ALTER TABLE \`${name}\` STATS_PERSISTENT = 1, STATS_AUTO_RECALC = 0`),
    empty: (tables) => [
      "SET SESSION foreign_key_checks = 0",
      ...tables.map((name) => `TRUNCATE TABLE \`${name}\``),
      "SET SESSION foreign_key_checks = 1",
    ],
    endSession: (wire, namespace, sessionId) => kill(wire, "CONNECTION", namespace, sessionId),
    cancelStatement: async (wire, namespace, sessionId) => {
      await kill(wire, "QUERY", namespace, sessionId);
    },
  };
}

/** False when no such session of the run is there. */
async function kill(
  wire: Wire,
  what: "CONNECTION" | "QUERY",
  namespace: string,
  sessionId: number,
): Promise<boolean> {
  const { rows } = await wire.send(
    "SELECT id FROM information_schema.processlist WHERE db = $1 AND id = $2 AND id <> CONNECTION_ID()",
    [namespace, sessionId],
  );
  if (rows.length === 0) return false;
  try {
    await wire.send(`KILL ${what} ${sessionId}`);
  } catch (error) {
    if (field(error, "errno") !== noSuchThread) throw error;
  }
  return true;
}

async function isMariadb(wire: Wire): Promise<boolean> {
  const { rows } = await wire.send("SELECT VERSION() AS version");
  return String(rows[0]?.version).includes("MariaDB");
}

/** It ended by itself between the question and the KILL. */
const noSuchThread = 1094;
