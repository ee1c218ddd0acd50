import type { Connection, Database } from "../../../../src/clients/database.ts";
import { failure, untilExecuting, withSessions } from "../../../support/databases.ts";
import {
  beginMarked,
  databaseError,
  expectNothingLeft,
  until,
  type Produced,
  type Theme,
} from "../provocation.ts";
import { deferred } from "./refuses.ts";

const marker = "create table marker (id int unique deferrable initially deferred)";
const account = "create table account (id int primary key, value int)";
const accounts = [account, "insert into account values (1, 10), (2, 20)"];

/** Conflicts between transactions, waits, and what ends them. */
export const locks: Theme = {
  name: "locks, conflicts and timeouts",
  provocations: [
    {
      code: "40001",
      how: "an UPDATE of a row that changed after the snapshot, at REPEATABLE READ",
      provoke: async ({ database }) => {
        await database.execute(accounts);
        return withSessions(database, "repeatable-read", 2, async (a, b) => {
          await a.begin("repeatable-read");
          await a.query("select * from account");
          await b.query("update account set value = 0");
          const error = await failure(a.query("update account set value = 1"));
          await a.rollback();
          return [{ error, phase: "statement" }];
        });
      },
    },
    {
      code: "40001",
      how: "write skew at SERIALIZABLE, in answer to COMMIT",
      provoke: async ({ database }) => {
        await database.execute([marker, ...accounts]);
        return withSessions(database, "serializable", 2, async (a, b) => {
          for (const session of [a, b]) {
            await session.begin("serializable");
            await session.query("select * from account");
          }
          await a.query("update account set value = 11 where id = 1");
          await b.query("update account set value = 21 where id = 2");
          await b.query("insert into marker values (7)");
          await a.commit();
          const error = await failure(b.commit());
          await expectNothingLeft(a);
          return [{ error, phase: "commit" }];
        });
      },
    },
    {
      code: "40P01",
      how: "two transactions that each update the row of the other",
      provoke: async ({ database }) => {
        await database.execute(accounts);
        return withSessions(database, "read-committed", 2, async (a, b) => {
          await a.begin("read-committed");
          await b.begin("read-committed");
          await a.query("update account set value = 11 where id = 1");
          await b.query("update account set value = 22 where id = 2");
          const error = await loser(
            a.query("update account set value = 12 where id = 2"),
            b.query("update account set value = 21 where id = 1"),
          );
          await a.rollback();
          await b.rollback();
          return [{ error, phase: "statement" }];
        });
      },
    },
    {
      code: "40P01",
      how: "two transactions whose deferred unique constraints wait for each other, in answer to COMMIT",
      provoke: async ({ database }) => {
        await database.execute([marker]);
        return withSessions(database, "read-committed", 2, async (a, b) => {
          await a.begin("read-committed");
          await b.begin("read-committed");
          await a.query("insert into marker values (1)");
          await b.query("insert into marker values (2)");
          await a.query("insert into marker values (2)");
          await b.query("insert into marker values (1)");
          const error = await loser(a.commit(), b.commit());
          // One of them is there as a whole, the other one not at all.
          const { rows } = await a.query("select count(*) as n from marker");
          if (rows[0]?.n !== 2) throw new Error(`${String(rows[0]?.n)} rows are left`);
          return [{ error, phase: "commit" }];
        });
      },
    },
    {
      code: "55P03",
      how: "NOWAIT on a locked row",
      provoke: ({ database }) =>
        whileLocked(database, async (b) => {
          const sql = "select * from account for update nowait";
          return [
            { error: await failure(b.query(sql)), phase: "autocommit" },
            { error: await inTransaction(b, sql), phase: "statement" },
          ];
        }),
    },
    {
      code: "55P03",
      how: "`lock_timeout` while a row is waited for",
      provoke: ({ database }) =>
        whileLocked(database, async (b) => {
          await b.query("set lock_timeout = '10ms'");
          const sql = "update account set value = 0";
          return [
            { error: await failure(b.query(sql)), phase: "autocommit", cause: "lock-timeout" },
            { error: await inTransaction(b, sql), phase: "statement", cause: "lock-timeout" },
          ];
        }),
    },
    {
      code: "55P03",
      how: "`lock_timeout` while a deferred unique constraint waits, in answer to COMMIT",
      provoke: async ({ database }) => {
        await database.execute([marker]);
        return withSessions(database, "read-committed", 3, async (a, b, observer) => {
          await beginMarked(a);
          await b.query("set lock_timeout = '10ms'");
          await beginMarked(b);
          const error = await failure(b.commit());
          await a.rollback();
          await expectNothingLeft(observer);
          return [{ error, phase: "commit", cause: "lock-timeout" }];
        });
      },
    },
    {
      code: "57014",
      how: "`pg_cancel_backend`, alone, inside a transaction and in answer to a COMMIT that has a deferred trigger to carry out",
      provoke: async ({ database }) => {
        await database.execute(["create table marker (id int)", ...deferred("perform pg_sleep(60)")]);
        return withSessions(database, "read-committed", 2, async (a, observer) => {
          const cancelled = async (running: Promise<unknown>) => {
            const error = failure(running);
            await untilExecuting(database, a.sessionId);
            await database.cancel(a.sessionId);
            return error;
          };
          const alone = await cancelled(a.query("select pg_sleep(60)"));
          await beginMarked(a);
          const inside = await cancelled(a.query("select pg_sleep(60)"));
          await a.rollback();
          await beginMarked(a);
          const atCommit = await cancelled(a.commit());
          await expectNothingLeft(observer);
          return [
            { error: alone, phase: "autocommit" },
            { error: inside, phase: "statement" },
            { error: atCommit, phase: "commit" },
          ];
        });
      },
    },
    {
      code: "57014",
      how: "`statement_timeout`, which COMMIT does not obey",
      provoke: ({ database }) =>
        withSessions(database, "read-committed", 1, async (a) => {
          await a.query("set statement_timeout = '20ms'");
          const error = await failure(a.query("select pg_sleep(60)"));
          return [{ error, phase: "autocommit", cause: "statement-timeout" }];
        }),
    },
  ],
};

/** The failure of the one that does not get through. */
async function loser(...racing: readonly Promise<unknown>[]) {
  const results = await Promise.allSettled(racing);
  const lost = results.filter((result) => result.status === "rejected");
  if (lost.length !== 1) throw new Error(`${lost.length} of ${racing.length} failed`);
  return databaseError(lost[0]?.reason);
}

async function whileLocked(
  database: Database,
  body: (session: Connection) => Promise<readonly Produced[]>,
): Promise<readonly Produced[]> {
  await database.execute(accounts);
  return withSessions(database, "read-committed", 2, async (a, b) => {
    await a.begin("read-committed");
    await a.query("select * from account for update");
    const produced = await body(b);
    await a.rollback();
    await until(() => b.usable);
    return produced;
  });
}

async function inTransaction(session: Connection, sql: string) {
  await session.begin("read-committed");
  const error = await failure(session.query(sql));
  await session.rollback();
  return error;
}
