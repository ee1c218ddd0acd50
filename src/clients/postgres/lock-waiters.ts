import type { Wire } from "../wire.ts";

/**
 * How many sessions with this `application_name` wait, in one statement: every wait of a backend for a lock, a
 * transaction, a tuple or an advisory lock is a row of `pg_locks` that is not granted (PostgreSQL manual, 52.13).
 */
export async function lockWaiters(wire: Wire, namespace: string): Promise<number> {
  const { rows } = await wire.send(
    `select count(distinct lock.pid) as waiters from pg_catalog.pg_locks lock
     join pg_catalog.pg_stat_activity session on session.pid = lock.pid
     where not lock.granted and session.application_name = $1 and session.datname = current_database()`,
    [namespace],
  );
  return Number(rows[0]?.waiters);
}
