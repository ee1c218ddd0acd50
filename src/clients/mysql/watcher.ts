import type { Clock } from "../../clock/clock.ts";
import { field } from "../error-table.ts";
import type { OwnServer, Watcher } from "../watcher.ts";
import type { Wire } from "../wire.ts";
import { lockWaiters } from "./innodb-status.ts";
import { waitsOtherwise } from "./lock-waiters.ts";
import { threadSleeps } from "./thread-state.ts";
import { lockName } from "./user-lock.ts";

/** MySQL 8 looks for deadlocks in a thread of its own, a moment after the wait has begun. */
const deadlockThreadMs = 5;

/** A wait that the server cannot be asked about exactly must be seen twice, so far apart. */
const doubtMs = 20;

/** Whole seconds are all that InnoDB knows here. */
const armedTimeoutS = 1;

/** More than a run lasts. */
const endlessS = 1_000_000;

/**
 * Asks SHOW ENGINE INNODB STATUS for waits for rows, and about user-level locks who holds them. A session
 * that closes a deadlock is seen waiting before it has looked for it, so it must be seen twice, and asleep in
 * between where the server is ours: on a busy machine its thread may be kept from looking for long.
 *
 * @param wire a session of its own, whose end the watcher sees to
 */
export function mysqlWatcher(wire: Wire, isMariadb: boolean, own: OwnServer, clock: Clock): Watcher {
  const threads = new Map<number, number>();
  /** True where that cannot be learnt. */
  const sleeps = async (id: number): Promise<boolean> => {
    if (own === null || !isMariadb) return true;
    const tid = threads.get(id) ?? (await threadOf(wire, id));
    threads.set(id, tid);
    return threadSleeps(own.pid, tid) ?? true;
  };
  const rowWaiters = async (): Promise<ReadonlySet<number>> => {
    const { rows } = await wire.send("SHOW ENGINE INNODB STATUS");
    return lockWaiters(String(rows[0]?.Status));
  };
  const waiting = async (ids: readonly number[]): Promise<ReadonlySet<number>> => {
    const first = await rowWaiters();
    const forRows = ids.filter((id) => first.has(id));
    const others = ids.filter((id) => !first.has(id));
    const proven = new Set<number>();
    if (forRows.length > 0) {
      if (!isMariadb) await clock.sleep(deadlockThreadMs);
      const asleep: number[] = [];
      for (const id of forRows) if (await sleeps(id)) asleep.push(id);
      const second = await rowWaiters();
      for (const id of asleep) if (second.has(id)) proven.add(id);
    }
    if (others.length > 0) for (const id of await otherWaiters(wire, others, clock)) proven.add(id);
    return proven;
  };
  let holding = false;
  return {
    order: "one-waiter",
    prepare: [
      lockTimeouts(endlessS),
      isMariadb ? "SET SESSION max_statement_time = 0" : "SET SESSION max_execution_time = 0",
    ],
    holdVersions: async () => {
      if (own === null) return;
      // At lower levels there is no such snapshot (MySQL manual, START TRANSACTION).
      if (!holding) await wire.send("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      holding = true;
      await wire.send("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    },
    waiting,
    onWait: undefined,
    freeze: () => undefined,
    thaw: () => undefined,
    cancel: async (id) => {
      try {
        await wire.send(`KILL QUERY ${id}`);
      } catch (error) {
        if (field(error, "errno") !== noSuchThread) throw error;
      }
    },
    armLockTimeout: lockTimeouts(armedTimeoutS),
    // GET_LOCK brings its own.
    timesOut: async (id) =>
      (await rowWaiters()).has(id) || !(await waits(wire, [id])).some(({ name }) => name !== undefined),
    disarmLockTimeout: lockTimeouts(endlessS),
    describe: async (id) => {
      const { rows } = await wire.send("SHOW PROCESSLIST");
      const row = rows.find((candidate) => Number(candidate.Id) === id);
      return row === undefined ? "" : `${String(row.Command)}, ${String(row.State)}`;
    },
    close: () => wire.end(),
  };
}

const noSuchThread = 1094;

/** For rows and for the definitions of tables. */
function lockTimeouts(seconds: number): string {
  return `SET SESSION innodb_lock_wait_timeout = ${seconds}, lock_wait_timeout = ${seconds}`;
}

/** The operating system's number of the thread that serves a session, which it keeps; 0 when there is none. */
async function threadOf(wire: Wire, id: number): Promise<number> {
  const { rows } = await wire.send("SELECT TID AS tid FROM information_schema.PROCESSLIST WHERE ID = $1", [
    id,
  ]);
  return Number(rows[0]?.tid ?? 0);
}

/**
 * Waits for other things than rows. SHOW PROCESSLIST still says `User lock` of a session that has just been
 * given the lock, so it is asked who holds it. Of metadata locks nothing exact can be learnt: such a wait
 * counts when it lasts.
 */
async function otherWaiters(wire: Wire, ids: readonly number[], clock: Clock): Promise<readonly number[]> {
  const waiting: number[] = [];
  const doubtful: number[] = [];
  for (const row of await waits(wire, ids)) {
    const holder = row.name === undefined ? undefined : await holderOf(wire, row.name);
    if (holder === undefined) doubtful.push(row.id);
    else if (holder !== null && holder !== row.id) waiting.push(row.id);
  }
  if (doubtful.length === 0) return waiting;
  await clock.sleep(doubtMs);
  const still = new Set((await waits(wire, doubtful)).map(({ id }) => id));
  return [...waiting, ...doubtful.filter((id) => still.has(id))];
}

interface OtherWait {
  readonly id: number;
  /** The SQL expression that names the user-level lock; undefined for locks of another kind. */
  readonly name: string | undefined;
}

async function waits(wire: Wire, ids: readonly number[]): Promise<readonly OtherWait[]> {
  const { rows } = await wire.send("SHOW FULL PROCESSLIST");
  return rows
    .filter((row) => ids.includes(Number(row.Id)) && waitsOtherwise(String(row.State)))
    .map((row) => ({ id: Number(row.Id), name: lockName(String(row.Info), String(row.db)) }));
}

/** The session that holds a user-level lock, null when nobody does, undefined when the name cannot be told. */
async function holderOf(wire: Wire, name: string): Promise<number | null | undefined> {
  try {
    const { rows } = await wire.send(`SELECT IS_USED_LOCK(${name}) AS holder`);
    const holder = rows[0]?.holder;
    return holder === null || holder === undefined ? null : Number(holder);
  } catch (error) {
    if (wire.lost !== undefined) throw error;
    return undefined;
  }
}
