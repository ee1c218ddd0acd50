import type { Wire } from "../wire.ts";
import { lockWaiters as rowWaiters } from "./innodb-status.ts";

/**
 * How many sessions in this database wait: for a row, as SHOW ENGINE INNODB STATUS says, for a lock with a name
 * or for the definition of a table, as the list of sessions says. A session that goes on between the two
 * questions is counted once at most.
 */
export async function lockWaiters(wire: Wire, namespace: string): Promise<number> {
  const { rows: status } = await wire.send("SHOW ENGINE INNODB STATUS");
  const forRows = rowWaiters(String(status[0]?.Status));
  const { rows: sessions } = await wire.send(
    "SELECT id, state FROM information_schema.processlist WHERE db = $1",
    [namespace],
  );
  return sessions.filter(({ id, state }) => forRows.has(Number(id)) || waitsOtherwise(String(state))).length;
}

/** How both servers spell waits for locks that are not InnoDB's. */
export function waitsOtherwise(state: string): boolean {
  return /^(?:User lock|Waiting for .*lock)$/.test(state);
}
