import { randomBytes } from "node:crypto";

import { realClock } from "../../src/clock/real-clock.ts";
import type { Clock } from "../../src/clock/clock.ts";
import { DatabaseError } from "../../src/clients/database-error.ts";
import type { Connection, Database } from "../../src/clients/database.ts";
import { openDatabase, type OpenOptions } from "../../src/clients/open-database.ts";
import type { IsolationLevel } from "../../src/history/header.ts";
import { serverUrls, type SharedServer } from "./servers.ts";

export const clock: Clock = realClock();

/** A run's name that no other test has. */
export function freshRun(): string {
  return randomBytes(4).toString("hex");
}

/** The shared server that speaks a dialect. */
export function serverOf(dialect: SharedServer["dialect"]): SharedServer {
  const server = serverUrls().find((candidate) => candidate.dialect === dialect);
  if (server === undefined) throw new Error(`no shared server speaks ${dialect}`);
  return server;
}

/** A namespace of its own for the length of the body; dropped whatever happens. */
export async function withDatabase<T>(
  server: SharedServer,
  body: (database: Database) => Promise<T>,
  options: Partial<OpenOptions> = {},
): Promise<T> {
  const database = await openDatabase({ url: server.url, run: freshRun(), clock, ...options });
  try {
    return await body(database);
  } finally {
    await database.close();
  }
}

/** Sessions at a level for the length of the body; closed whatever happens. */
export async function withSessions<T>(
  database: Database,
  isolation: IsolationLevel,
  count: number,
  body: (...sessions: [Connection, Connection, Connection]) => Promise<T>,
): Promise<T> {
  const sessions: Connection[] = [];
  try {
    for (let i = 0; i < count; i += 1) sessions.push(await database.connect(isolation));
    return await body(...(sessions as [Connection, Connection, Connection]));
  } finally {
    for (const session of sessions) await session.close();
  }
}

/** The error a promise rejects with; fails when it resolves or is no DatabaseError. */
export async function failure(promise: Promise<unknown>): Promise<DatabaseError> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof DatabaseError) return error;
  throw error;
}

/** The table `account(id, value)` with rows 1: 10 and 2: 20, as the isolation literature uses it. */
export async function createAccounts(database: Database): Promise<void> {
  const engine = database.dialect === "mysql" ? " engine = innodb" : "";
  await database.execute([
    `create table account (id int primary key, value int not null)${engine}`,
    "insert into account values (1, 10), (2, 20)",
  ]);
}

/** Waits until the server is carrying out a statement of a session, as it says itself. */
export async function untilExecuting(database: Database, sessionId: number): Promise<void> {
  const sql =
    database.dialect === "mysql"
      ? "select 1 from information_schema.processlist where command = 'Query' and id = $1"
      : "select 1 from pg_stat_activity where state = 'active' and pid = $1";
  await withSessions(database, "read-committed", 1, async (observer) => {
    while ((await observer.query(sql, [sessionId])).rows.length === 0) await clock.sleep(1);
  });
}
