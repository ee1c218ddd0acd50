import type { DatabaseKind } from "../../history/header.ts";
import type { Rng } from "../../random/rng.ts";
import type { Arena } from "../arena.ts";
import { everyDatabase, type Nemesis, type Strike } from "../nemesis.ts";
import { wearing, type Variables } from "./session-variables.ts";

/** A server variable on each kind of server that has such a one. */
type Setting = Partial<Record<DatabaseKind, (rng: Rng) => Variables>>;

const milliseconds =
  (name: string, most: number) =>
  (rng: Rng): Variables => ({ [name]: `${1 + rng.int(most)}ms` });

/** PostgreSQL 19.11; `innodb_lock_wait_timeout` counts whole seconds, and 0 on MariaDB does not wait at all. */
const lockTimeouts: Setting = {
  postgres: milliseconds("lock_timeout", 20),
  mysql: () => ({ innodb_lock_wait_timeout: "1" }),
  mariadb: (rng) => ({ innodb_lock_wait_timeout: rng.pick(["0", "1"]) }),
};

/** MySQL's `max_execution_time` (ms) is about SELECT only; MariaDB's `max_statement_time` counts seconds. */
const statementTimeouts: Setting = {
  postgres: milliseconds("statement_timeout", 20),
  mysql: (rng) => ({ max_execution_time: String(1 + rng.int(20)) }),
  mariadb: (rng) => ({ max_statement_time: String((1 + rng.int(20)) / 1_000) }),
};

/** Whole seconds on MariaDB; MySQL has no such variable. */
const idleTimeouts: Setting = {
  postgres: milliseconds("idle_in_transaction_session_timeout", 20),
  mariadb: () => ({ idle_transaction_timeout: "1" }),
};

/** What pauses inside transactions are stretched by, so that such a timeout strikes. */
const stretchedMs: Partial<Record<DatabaseKind, number>> = { postgres: 50, mariadb: 1_300 };

/** Statements that wait long for a lock are broken off for a while. */
const lockTimeout: Nemesis = {
  name: "lock-timeout",
  summary: "sessions give up waiting for a lock after a moment; afterwards as before",
  databases: everyDatabase,
  needs: [],
  strike: (arena, rng) => Promise.resolve(worn(arena, rng, lockTimeouts)),
};

/** Statements that take long are broken off for a while. */
const statementTimeout: Nemesis = {
  name: "statement-timeout",
  summary: "the server breaks off statements after some milliseconds; afterwards as before",
  databases: everyDatabase,
  needs: [],
  strike: (arena, rng) => Promise.resolve(worn(arena, rng, statementTimeouts)),
};

/** Sessions that pause inside a transaction are ended for a while, and their applications do pause. */
const idleInTransactionTimeout: Nemesis = {
  name: "idle-in-transaction-timeout",
  summary:
    "applications pause inside transactions, and the server ends sessions that do; afterwards as before",
  databases: ["postgres", "mariadb"],
  needs: [],
  strike: (arena, rng) => {
    const strike = worn(arena, rng, idleTimeouts);
    if (strike === null) return Promise.resolve(null);
    const extraMs = stretchedMs[arena.database.description.kind] ?? 0;
    arena.pauses.extraMs += extraMs;
    return Promise.resolve({
      did: strike.did,
      undo: async () => {
        arena.pauses.extraMs -= extraMs;
        await strike.undo?.();
      },
    });
  },
};

/** Faults of time. */
export const timeouts: readonly Nemesis[] = [lockTimeout, statementTimeout, idleInTransactionTimeout];

function worn({ database, wardrobe }: Arena, rng: Rng, setting: Setting): Strike | null {
  const variables = setting[database.description.kind]?.(rng);
  if (variables === undefined) return null;
  const off = wardrobe.put(wearing(variables, database.dialect));
  return {
    did: Object.entries(variables)
      .map(([name, value]) => `${name} = ${value}`)
      .join(", "),
    undo: () => {
      off();
      return Promise.resolve();
    },
  };
}
