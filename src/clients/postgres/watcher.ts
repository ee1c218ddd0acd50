import type { OwnServer, Watcher } from "../watcher.ts";
import type { Wire } from "../wire.ts";
import { followLockLog, type LockLog } from "./lock-log.ts";

/** On a server whose log we do not see, a wait counts as looked at this long after the deadlock check was due. */
const marginMs = 100;

/** Looks for deadlocks at once, where the user may have it so. */
const soon = "set deadlock_timeout = '1ms'";

/** Long enough that the deadlock check comes first, short enough to be waited for. */
const armedTimeoutMs = 200;

/**
 * Asks `pg_locks`, in one statement and so from one moment: every wait of a backend for a lock, a
 * transaction, a tuple or an advisory lock is a row there that is not granted. `pg_stat_activity` will
 * not do: what it says of waiting lags behind.
 *
 * @param wire a session of its own, whose end the watcher sees to
 */
export async function postgresWatcher(wire: Wire, own: OwnServer): Promise<Watcher> {
  await wire.send(prepareProbe);
  const log = own === null ? undefined : followLockLog(own);
  const looksSoon = own !== null || (await maySet(wire, soon));
  const dueMs = own === null ? (await deadlockTimeoutMs(wire)) + marginMs : 0;
  const frozen = new Set<number>();
  const snapshotWaiters = new Set<number>();
  const thaw = (pid: number): void => {
    if (frozen.delete(pid)) signal(pid, "SIGCONT");
  };
  return {
    order: own === null ? "none" : "freeze",
    prepare: [
      ...timeoutsOff,
      ...(looksSoon ? [soon] : []),
      ...(own === null ? [] : ["set log_lock_waits = on"]),
    ],
    holdVersions: async () => {
      if (own !== null) await wire.send("rollback; begin isolation level repeatable read; select 1");
    },
    waiting: async (pids) => {
      const { rows } = await wire.send(`execute isolab_waits('{${pids.join(",")}}')`);
      for (const pid of pids) snapshotWaiters.delete(pid);
      for (const { pid, safe } of rows) if (safe === true) snapshotWaiters.add(Number(pid));
      return new Set(rows.flatMap((row) => (isSettled(row, log, dueMs) ? [Number(row.pid)] : [])));
    },
    onWait: log?.onReport,
    freeze: (pid) => {
      // One that waits for a safe snapshot may hold what the others need for a moment.
      if (own === null || frozen.has(pid) || snapshotWaiters.has(pid)) return;
      frozen.add(pid);
      signal(pid, "SIGSTOP");
    },
    thaw,
    cancel: async (pid) => {
      await wire.send("select pg_cancel_backend($1)", [pid]);
    },
    armLockTimeout: `set lock_timeout = ${armedTimeoutMs}`,
    timesOut: () => Promise.resolve(true),
    disarmLockTimeout: "set lock_timeout = 0",
    describe: async (pid) => {
      const { rows } = await wire.send(
        "select concat_ws(', ', state, wait_event_type || ' ' || wait_event) as activity from pg_catalog.pg_stat_activity where pid = $1",
        [pid],
      );
      const activity = rows[0]?.activity;
      return typeof activity === "string" ? activity : "";
    },
    close: async () => {
      for (const pid of [...frozen]) thaw(pid);
      log?.close();
      await wire.end();
    },
  };
}

const timeoutsOff = [
  "set lock_timeout = 0",
  "set statement_timeout = 0",
  "set idle_in_transaction_session_timeout = 0",
];

/**
 * `waitstart` is null for a moment after a wait has begun (PostgreSQL manual, pg_locks). A transaction that is `SERIALIZABLE
 * READ ONLY DEFERRABLE` waits for others without a lock.
 */
const prepareProbe = `prepare isolab_waits (int[]) as
  select pid, extract(epoch from min(waitstart)) * 1000 as since,
         extract(epoch from clock_timestamp() - max(waitstart)) * 1000 as age,
         bool_and(waitstart is not null) as begun, false as safe
  from pg_catalog.pg_locks where not granted and pid = any($1) group by pid
  union all select p, null, null, null, true
  from unnest($1) p where cardinality(pg_catalog.pg_safe_snapshot_blocking_pids(p)) > 0`;

function isSettled(row: Readonly<Record<string, unknown>>, log: LockLog | undefined, dueMs: number): boolean {
  if (row.safe === true) return true;
  if (row.begun !== true) return false;
  return log === undefined ? Number(row.age) >= dueMs : log.settled(Number(row.pid), Number(row.since));
}

/** Only a superuser may set some variables (PostgreSQL manual, 20.12). */
async function maySet(wire: Wire, sql: string): Promise<boolean> {
  try {
    await wire.send(sql);
    return true;
  } catch (error) {
    if (wire.lost !== undefined) throw error;
    return false;
  }
}

async function deadlockTimeoutMs(wire: Wire): Promise<number> {
  const { rows } = await wire.send(
    "select setting as ms from pg_catalog.pg_settings where name = 'deadlock_timeout'",
  );
  return Number(rows[0]?.ms);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile; what it was doing tells by itself.
  }
}
