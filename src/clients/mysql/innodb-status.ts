/**
 * The sessions that wait for a row lock, from the text of SHOW ENGINE INNODB STATUS: the transactions whose
 * block says `LOCK WAIT`. That text is made when it is asked for; the tables of information_schema about
 * the same are a copy that is not renewed while it is asked for often (MySQL manual, INNODB_TRX; measured).
 */
export function lockWaiters(status: string): ReadonlySet<number> {
  const waiters = new Set<number>();
  for (const block of status.split("\n---TRANSACTION ").slice(1)) {
    if (!block.includes("LOCK WAIT")) continue;
    const id = /thread id (\d+),/.exec(block)?.[1];
    if (id !== undefined) waiters.add(Number(id));
  }
  return waiters;
}
