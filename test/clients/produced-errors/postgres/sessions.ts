import type { Connection } from "../../../../src/clients/database.ts";
import { failure, untilExecuting, withSessions } from "../../../support/databases.ts";
import {
  type Arena,
  beginMarked,
  expectNothingLeft,
  type Provocation,
  refusedConnection,
  type Theme,
  until,
  untilLost,
} from "../provocation.ts";
import { deferred } from "./refuses.ts";

/** Sessions that the server ends. */
export const sessions: Theme = {
  name: "ends of sessions",
  provocations: [
    {
      code: "57P01",
      how: "`pg_terminate_backend`, alone, inside a transaction and while COMMIT carries out a deferred trigger",
      provoke: async ({ database }) => {
        await database.execute(["create table marker (id int)", ...deferred("perform pg_sleep(60)")]);
        const ended = (use: (session: Connection) => Promise<unknown>, prepare = beginMarked) =>
          withSessions(database, "read-committed", 2, async (a, observer) => {
            await prepare(a);
            const error = failure(use(a));
            await untilExecuting(database, a.sessionId);
            await database.killAndWait(a.sessionId);
            await expectNothingLeft(observer);
            return error;
          });
        const sleep = (session: Connection) => session.query("select pg_sleep(60)");
        return [
          { error: await ended(sleep, () => Promise.resolve()), phase: "autocommit", lost: true },
          { error: await ended(sleep), phase: "statement", lost: true },
          { error: await ended((session) => session.commit()), phase: "commit", lost: true },
        ];
      },
    },
    idle("25P03", "idle_in_transaction_session_timeout"),
    idle("25P04", "transaction_timeout"),
    {
      code: "57P05",
      how: "`idle_session_timeout`",
      provoke: async ({ database }) =>
        withSessions(database, "read-committed", 1, async (a) => {
          await a.query("set idle_session_timeout = '20ms'");
          await untilLost(a);
          // Nothing was sent, so that nothing is in doubt.
          return [
            {
              error: await failure(a.query("select 1")),
              phase: "autocommit",
              lost: true,
              outcome: "definite",
            },
          ];
        }),
    },
  ],
};

/** A server of its own that is shut down. */
export const shutdown: Theme = {
  name: "shutdown",
  settings: {},
  provocations: [
    {
      code: "57P03",
      ends: true,
      how: "a connection to a server that waits for its last session to end (smart shutdown)",
      provoke: async ({ database, server, own }) => {
        if (own === undefined) throw new Error("needs a server of its own");
        return withSessions(database, "read-committed", 1, async (a) => {
          const asked = logged(own, "received smart shutdown request");
          process.kill(own.pid, "SIGTERM");
          await asked;
          const error = await refusedConnection(server.url);
          await a.query("select 1");
          return [{ error, phase: "connect" }];
        });
      },
    },
  ],
  losses: [
    {
      how: "immediate shutdown (SIGQUIT): 57P01 comes as a WARNING, and the connection is closed",
      ends: true,
      provoke: (arena) => killedServer(arena, "SIGQUIT"),
    },
    {
      how: "a server process that is killed takes all sessions along: 57P02 comes as a WARNING, and the connection is closed",
      provoke: async (arena) => {
        await arena.database.execute(["create table marker (id int)"]);
        return withSessions(arena.database, "read-committed", 2, async (a, b) => {
          await beginMarked(a);
          process.kill(b.sessionId, "SIGKILL");
          await untilLost(a);
          return failure(a.query("select 1"));
        });
      },
    },
  ],
};

function idle(code: string, setting: string): Provocation {
  return {
    code,
    how: `\`${setting}\``,
    provoke: async ({ database }) => {
      await database.execute(["create table marker (id int)"]);
      return withSessions(database, "read-committed", 2, async (a, observer) => {
        await beginMarked(a);
        // The time may be over before this is answered.
        await a.query(`set ${setting} = '20ms'`).catch(() => undefined);
        await untilLost(a);
        const error = await failure(a.query("select 1"));
        await expectNothingLeft(observer);
        return [{ error, phase: "statement", lost: true }];
      });
    },
  };
}

async function killedServer({ database, own }: Arena, signal: NodeJS.Signals) {
  if (own === undefined) throw new Error("needs a server of its own");
  await database.execute(["create table marker (id int)"]);
  return withSessions(database, "read-committed", 1, async (a) => {
    await beginMarked(a);
    process.kill(own.pid, signal);
    await untilLost(a);
    return failure(a.query("select 1"));
  });
}

async function logged(own: NonNullable<Arena["own"]>, text: string): Promise<void> {
  let seen = false;
  const stop = own.onLog((line) => {
    seen ||= line.includes(text);
  });
  await until(() => seen).finally(stop);
}
