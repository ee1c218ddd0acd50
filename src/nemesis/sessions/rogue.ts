import type { Connection, Database } from "../../clients/database.ts";
import type { IsolationLevel } from "../../history/header.ts";

/** How long a rogue session waits for a lock itself, so that it cannot hold up the end of the run. */
const waits = {
  postgres: "set lock_timeout = '1s'",
  mysql: "set session innodb_lock_wait_timeout = 1",
} as const;

/**
 * A session of somebody else's, in a transaction that reads and locks and writes nothing. Nothing is left of it
 * when the preparation fails.
 *
 * @returns a function that ends it
 */
export async function rogue(
  database: Database,
  isolation: IsolationLevel,
  prepare: (session: Connection) => Promise<void>,
): Promise<() => Promise<void>> {
  const session = await database.connect(isolation);
  try {
    await session.query(waits[database.dialect]);
    await session.begin(isolation);
    await prepare(session);
  } catch (error) {
    await session.close();
    throw error;
  }
  return () => session.close();
}

/** A name as SQL has it. */
export function quoted(database: Database, name: string): string {
  return database.dialect === "mysql" ? `\`${name}\`` : `"${name}"`;
}
