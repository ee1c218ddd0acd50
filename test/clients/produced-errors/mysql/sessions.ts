import type { Connection } from "../../../../src/clients/database.ts";
import type { DatabaseError } from "../../../../src/clients/database-error.ts";
import { failure, untilExecuting, withSessions } from "../../../support/databases.ts";
import { type Arena, beginMarked, expectNothingLeft, type Theme, untilLost } from "../provocation.ts";
import { marker } from "./refuses.ts";

const locked = [marker, "create table t (id int primary key) engine = innodb", "insert into t values (1)"];

/** Statements that are broken off, and sessions that the server ends. */
export const sessions: Theme = {
  name: "statements broken off, ends of sessions",
  provocations: [
    {
      code: "1317",
      how: "KILL QUERY, inside a transaction and alone",
      provoke: async ({ database }) => {
        await database.execute(locked);
        return withSessions(database, "read-committed", 3, async (a, b, observer) => {
          await b.begin("read-committed");
          await b.query("select * from t for update");
          const cancelled = async () => {
            const error = failure(a.query("update t set id = 2"));
            await untilExecuting(database, a.sessionId);
            await database.cancel(a.sessionId);
            return error;
          };
          const alone = await cancelled();
          await beginMarked(a);
          const inside = await cancelled();
          await a.rollback();
          await b.rollback();
          await expectNothingLeft(observer);
          return [
            { error: alone, phase: "autocommit" },
            { error: inside, phase: "statement" },
          ];
        });
      },
    },
    {
      code: "1969",
      how: "`max_statement_time`, inside a transaction and alone",
      provoke: async ({ database }) => {
        await database.execute(locked);
        return withSessions(database, "read-committed", 3, async (a, b, observer) => {
          await b.begin("read-committed");
          await b.query("select * from t for update");
          const sql = "set statement max_statement_time = 0.05 for update t set id = 2";
          const alone = await failure(a.query(sql));
          await beginMarked(a);
          const inside = await failure(a.query(sql));
          await a.rollback();
          await b.rollback();
          await expectNothingLeft(observer);
          return [
            { error: alone, phase: "autocommit" },
            { error: inside, phase: "statement" },
          ];
        });
      },
    },
    {
      code: "1927",
      how: "KILL of the own session",
      provoke: async ({ database }) => {
        await database.execute([marker]);
        return withSessions(database, "read-committed", 2, async (a, observer) => {
          await beginMarked(a);
          const error = await failure(a.query("kill connection_id()"));
          await untilLost(a);
          await expectNothingLeft(observer);
          return [{ error, phase: "statement", lost: true }];
        });
      },
    },
  ],
  losses: [
    { how: "KILL of a session that is idle in its transaction", provoke: (arena) => killed(arena) },
    {
      how: "KILL of a session that carries out a statement",
      provoke: async ({ database }) => {
        await database.execute([marker]);
        return withSessions(database, "read-committed", 2, async (a, observer) => {
          await beginMarked(a);
          const error = failure(a.query("select sleep(60)"));
          await untilExecuting(database, a.sessionId);
          await database.killAndWait(a.sessionId);
          await expectNothingLeft(observer);
          return error;
        });
      },
    },
    idle("idle_transaction_timeout"),
    idle("wait_timeout"),
  ],
};

/** A server of its own that is shut down. */
export const shutdown: Theme = {
  name: "shutdown",
  settings: {},
  provocations: [],
  losses: [
    {
      how: "SHUTDOWN while a statement is under way",
      ends: true,
      provoke: async ({ database }) => {
        await database.execute([marker]);
        return withSessions(database, "read-committed", 2, async (a, b) => {
          await beginMarked(a);
          const error = failure(a.query("select sleep(60)"));
          await untilExecuting(database, a.sessionId);
          // It may be cut off before it is answered.
          await b.query("shutdown").catch(() => undefined);
          return error;
        });
      },
    },
    {
      how: "the server process is killed",
      ends: true,
      provoke: async ({ database, own }) => {
        if (own === undefined) throw new Error("needs a server of its own");
        await database.execute([marker]);
        return withSessions(database, "read-committed", 1, async (a) => {
          await beginMarked(a);
          const error = failure(a.query("select sleep(60)"));
          await untilExecuting(database, a.sessionId);
          process.kill(own.pid, "SIGKILL");
          return error;
        });
      },
    },
  ],
};

function killed({ database }: Arena): Promise<DatabaseError> {
  return lostWhileIdle(database, (a) => database.kill(a.sessionId));
}

function idle(setting: string) {
  return {
    how: `\`${setting}\``,
    provoke: ({ database }: Arena) =>
      lostWhileIdle(database, async (a) => {
        await a.query(`set session ${setting} = 1`);
      }),
  };
}

async function lostWhileIdle(
  database: Arena["database"],
  end: (session: Connection) => Promise<void>,
): Promise<DatabaseError> {
  await database.execute([marker]);
  return withSessions(database, "read-committed", 2, async (a, observer) => {
    await beginMarked(a);
    await end(a);
    await untilLost(a);
    const error = await failure(a.query("select 1"));
    await database.killAndWait(a.sessionId);
    await expectNothingLeft(observer);
    return error;
  });
}
