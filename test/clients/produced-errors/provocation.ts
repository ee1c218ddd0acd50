import { expect } from "vitest";

import { DatabaseError, type DatabaseErrorFields, type Phase } from "../../../src/clients/database-error.ts";
import type { Connection, Database } from "../../../src/clients/database.ts";
import { openDatabase } from "../../../src/clients/open-database.ts";
import type { Server } from "../../../src/clients/servers/server.ts";
import { clock, failure, freshRun } from "../../support/databases.ts";
import type { SharedServer } from "../../support/servers.ts";

/** Where a provocation takes place. */
export interface Arena {
  readonly server: SharedServer;
  /** A namespace of its own on that server. */
  readonly database: Database;
  /** The server, where the theme has one of its own. */
  readonly own: Server | undefined;
}

/** One failure that came of it, and what must be true of it beyond what the row of its code says. */
export interface Produced {
  readonly error: DatabaseError;
  readonly phase: Phase;
  /** Our word, where it is not the row's. */
  readonly cause?: string;
  /** The session is gone. Always so where there was none yet. Default false. */
  readonly lost?: boolean;
  /** Where something beside the code and the phase decides. */
  readonly outcome?: DatabaseErrorFields["outcome"];
}

/** One way to make a server fail with a code. */
export interface Provocation {
  /** SQLSTATE, or errno. */
  readonly code: string;
  /** How it is done, without a capital and a full stop, in Markdown. */
  readonly how: string;
  /** Why it cannot be done here, as one sentence. */
  readonly obstacle?: () => string | undefined;
  /** The theme's own server is down, or about to be, afterwards. */
  readonly ends?: true;
  /** Does it, and checks what is left in the database. */
  readonly provoke: (arena: Arena) => Promise<readonly Produced[]>;
}

/** The end of a session that comes without a code, or with one that depends on who is faster. */
export interface Loss {
  readonly how: string;
  readonly ends?: true;
  /** Does it to an open transaction, and answers the failure of the statement that notices. */
  readonly provoke: (arena: Arena) => Promise<DatabaseError>;
}

/** Provocations that share a server. */
export interface Theme {
  readonly name: string;
  /** Of a throw-away server for this theme; undefined: the suite's shared server will do. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly provocations: readonly Provocation[];
  readonly losses?: readonly Loss[];
}

/** What was thrown, if it is what is thrown for an answer of the database. */
export function databaseError(reason: unknown): DatabaseError {
  if (reason instanceof DatabaseError) return reason;
  throw reason;
}

/** Why there is no connection, as the database told it. */
export async function refusedConnection(url: string): Promise<DatabaseError> {
  const reason: unknown = await openDatabase({ url, run: freshRun(), clock }).then(
    async (database) => {
      await database.close();
      return new Error("it opened");
    },
    (error: unknown) => (error instanceof Error ? error.cause : error),
  );
  return databaseError(reason);
}

/** Connects until the server has enough of it; all sessions are closed again. */
export async function exhausted(open: () => Promise<{ close(): Promise<void> }>): Promise<DatabaseError> {
  const sessions: { close(): Promise<void> }[] = [];
  try {
    for (let i = 0; i < 100; i += 1) sessions.push(await open());
    throw new Error("100 sessions were accepted");
  } catch (error) {
    return databaseError(error);
  } finally {
    for (const session of sessions) await session.close();
  }
}

/** The URL with a part of it changed. */
export function changed(url: string, change: (url: URL) => void): string {
  const copy = new URL(url);
  change(copy);
  return copy.href;
}

/** Waits for a state of the server, as asked in a loop. */
export async function until(state: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await state())) await clock.sleep(2);
}

/** Waits until the client has noticed that a session is gone. */
export async function untilLost(session: Connection): Promise<void> {
  await until(() => !session.usable);
}

/** Nothing of what failed is in the table `marker`. */
export async function expectNothingLeft(session: Connection): Promise<void> {
  expect((await session.query("select * from marker")).rows).toEqual([]);
}

/** Begins a transaction that has written to `marker`. */
export async function beginMarked(session: Connection): Promise<void> {
  await session.begin("read-committed");
  await session.query("insert into marker values (7)");
}

/** The failure of a COMMIT whose transaction wrote to `marker`, after which nothing of it may be there. */
export async function failedCommit(session: Connection, observer: Connection): Promise<DatabaseError> {
  await beginMarked(session);
  const error = await failure(session.commit());
  await expectNothingLeft(observer);
  return error;
}
