import type { WaitingSession } from "./race-deadlock.ts";

/** Settings of a connection that end a wait, and from which value on they do not count: a deadlock that lasts so long is one. */
const limits: Readonly<Record<WaitingSession["waitsFor"], ReadonlyMap<string, number>>> = {
  lock: new Map([
    ["lock_timeout", Infinity],
    ["statement_timeout", Infinity],
    ["innodb_lock_wait_timeout", 50],
    ["lock_wait_timeout", 50],
    ["max_statement_time", Infinity],
    ["max_execution_time", Infinity],
  ]),
  // The transaction that is open meanwhile does nothing.
  connection: new Map([["idle_in_transaction_session_timeout", Infinity]]),
};

/** Zero stands for no limit, but for InnoDB, which then waits for nothing. */
const zeroIsNone = (name: string): boolean => !name.endsWith("lock_wait_timeout");

/**
 * What would end a wait if it were not switched off during a race, as `lock_timeout of 200ms`; undefined for nothing.
 *
 * @param settings the statements that set back what was set before
 */
export function limitIn(
  settings: readonly string[],
  waitsFor: WaitingSession["waitsFor"],
): string | undefined {
  for (const sql of settings) {
    const { name = "", value = "" } =
      /^set (?:session )?(?<name>\w+) = '?(?<value>[^']*)'?$/i.exec(sql)?.groups ?? {};
    const end = limits[waitsFor].get(name);
    if (end === undefined || (zeroIsNone(name) && Number(value) === 0)) continue;
    if (end === Infinity || Number(value) < end) return `${name} of ${value}`;
  }
  return undefined;
}

/** Whether a statement may set such a limit. @param waitsFor what is waited for; either, unless given */
export function setsLimit(sql: string, waitsFor?: WaitingSession["waitsFor"]): boolean {
  return ofTransactions.test(sql) || (waitsFor !== "connection" && ofLocks.test(sql));
}

const ofLocks = /\b(?:lock|statement)_timeout\b|lock_wait_timeout\b|\bmax_(?:statement|execution)_time\b/i;

const ofTransactions = /transaction(?:_session)?_timeout\b/i;
