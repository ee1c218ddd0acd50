import type { Connection, Database } from "../../../../src/clients/database.ts";
import { openWire } from "../../../../src/clients/mysql/wire.ts";
import { classify } from "../../../../src/clients/mysql/errors.ts";
import { parseTarget } from "../../../../src/clients/target.ts";
import { clock, createAccounts, failure, untilExecuting, withSessions } from "../../../support/databases.ts";
import {
  beginMarked,
  databaseError,
  expectNothingLeft,
  type Provocation,
  type Theme,
  until,
} from "../provocation.ts";
import { marker } from "./refuses.ts";

const lockTimeout: Provocation = {
  code: "1205",
  how: "`innodb_lock_wait_timeout` while a row is waited for",
  provoke: async ({ database }) => {
    await database.execute([marker]);
    await createAccounts(database);
    return withSessions(database, "read-committed", 3, async (a, b, observer) => {
      await a.begin("read-committed");
      await a.query("update account set value = 11 where id = 1");
      await b.query("set session innodb_lock_wait_timeout = 1");
      await beginMarked(b);
      const inside = await failure(b.query("update account set value = 12 where id = 1"));
      await b.rollback();
      await expectNothingLeft(observer);
      // One row is written before the other is waited for.
      const alone = await failure(b.query("update account set value = 12 order by id desc"));
      await a.rollback();
      const { rows } = await observer.query("select value from account order by id");
      if (rows[1]?.value !== 20) throw new Error("the statement was not undone");
      return [
        { error: inside, phase: "statement" },
        { error: alone, phase: "autocommit" },
      ];
    });
  },
};

/** Conflicts between transactions, and waits. */
export const locks: Theme = {
  name: "locks and conflicts",
  provocations: [
    lockTimeout,
    {
      code: "1205",
      how: "NOWAIT on a locked row",
      provoke: async ({ database }) => {
        await createAccounts(database);
        return withSessions(database, "read-committed", 2, async (a, b) => {
          await a.begin("read-committed");
          await a.query("select * from account for update");
          const sql = "select * from account for update nowait";
          const alone = await failure(b.query(sql));
          await b.begin("read-committed");
          const inside = await failure(b.query(sql));
          await b.rollback();
          await a.rollback();
          return [
            { error: alone, phase: "autocommit" },
            { error: inside, phase: "statement" },
          ];
        });
      },
    },
    {
      code: "1213",
      how: "two transactions that each update the row of the other",
      provoke: async ({ database }) => {
        await database.execute([marker]);
        await createAccounts(database);
        return withSessions(database, "read-committed", 3, async (a, b, observer) => {
          await b.begin("read-committed");
          await b.query("update account set value = 22 where id = 2");
          await beginMarked(a);
          await a.query("select * from account where id = 1 for update");
          const other = settled(b.query("update account set value = 12 where id = 1"));
          await untilExecuting(database, b.sessionId);
          const mine = await settled(a.query("update account set value = 22 where id = 2"));
          const theirs = await other;
          await a.rollback();
          await b.rollback();
          await expectNothingLeft(observer);
          return [{ error: databaseError(mine ?? theirs), phase: "statement" }];
        });
      },
    },
    {
      code: "1213",
      how: "two sessions that each wait for the user-level lock of the other",
      provoke: async ({ database }) =>
        withSessions(database, "read-committed", 2, async (a, b) => {
          const [one, two] = [`a${a.sessionId}`, `b${a.sessionId}`];
          await a.query("select get_lock($1, 60)", [one]);
          await b.query("select get_lock($1, 60)", [two]);
          const first = settled(a.query("select get_lock($1, 60)", [two]));
          await untilExecuting(database, a.sessionId);
          const second = await settled(b.query("select get_lock($1, 60)", [one]));
          await b.query("do release_lock($1)", [two]);
          const error = databaseError(second ?? (await first));
          await first;
          return [{ error, phase: "autocommit" }];
        }),
    },
    {
      code: "1020",
      how: "an UPDATE of a row that changed after the snapshot, under `innodb_snapshot_isolation`",
      provoke: async ({ database }) => {
        await database.execute([marker]);
        await createAccounts(database);
        return withSessions(database, "repeatable-read", 3, async (a, b, observer) => {
          await a.query("set session innodb_snapshot_isolation = on");
          await a.begin("repeatable-read");
          await a.query("insert into marker values (7)");
          await a.query("select * from account");
          await b.query("update account set value = 0");
          const error = await failure(a.query("update account set value = 1"));
          await a.rollback();
          await expectNothingLeft(observer);
          return [{ error, phase: "statement" }];
        });
      },
    },
    {
      code: "1412",
      how: "a table whose definition changed after the snapshot",
      provoke: async ({ database }) => {
        await database.execute([marker]);
        await createAccounts(database);
        return withSessions(database, "repeatable-read", 3, async (a, b, observer) => {
          await a.begin("repeatable-read");
          await a.query("select * from marker");
          await a.query("insert into marker values (7)");
          await b.query("alter table account add column z int, algorithm = copy");
          const error = await failure(a.query("select * from account"));
          await a.rollback();
          await expectNothingLeft(observer);
          return [{ error, phase: "statement" }];
        });
      },
    },
    {
      code: "1614",
      how: "XA COMMIT … ONE PHASE of a transaction that was the victim of a deadlock",
      provoke: async ({ server, database }) => {
        await createAccounts(database);
        return withSessions(database, "read-committed", 1, async (b) => {
          const { rows } = await b.query<{ name: string }>("select database() as name");
          const target = parseTarget(server.url);
          const wire = await openWire({ target, database: rows[0]?.name, connectTimeoutMs: 10_000, clock });
          try {
            const name = `x${wire.sessionId}`;
            await b.begin("read-committed");
            // What b has written makes the other one the victim.
            await b.query("update account set value = 22 where id = 2");
            await b.query("insert into account values (3, 3), (4, 4), (5, 5)");
            await wire.send(`xa start '${name}'`);
            await wire.send("select * from account where id = 1 for update");
            const waiting = b.query("update account set value = 12 where id = 1");
            await untilExecuting(database, b.sessionId);
            const deadlock = await wire.send("update account set value = 23 where id = 2").then(
              () => undefined,
              (error: unknown) => classify(error, "statement", false),
            );
            if (deadlock?.fields.code !== 1213) throw deadlock ?? new Error("there was no deadlock");
            await waiting;
            const error = await wire.send(`xa commit '${name}' one phase`).then(
              () => new Error("it did not fail"),
              (reason: unknown) => classify(reason, "commit", false),
            );
            await b.rollback();
            return [{ error: databaseError(error), phase: "commit" }];
          } finally {
            await wire.end();
          }
        });
      },
    },
  ],
};

/** COMMITs that the server refuses or that are broken off while they wait for a lock on all commits. */
export const commits: Theme = {
  name: "answers to COMMIT",
  settings: { "innodb-rollback-on-timeout": "ON" },
  provocations: [
    { ...lockTimeout, how: `${lockTimeout.how}, with \`innodb_rollback_on_timeout\`` },
    {
      code: "1205",
      how: "`lock_wait_timeout` while COMMIT waits for FLUSH TABLES WITH READ LOCK",
      provoke: ({ database }) =>
        blockedCommit(database, async (a) => {
          await a.query("set session lock_wait_timeout = 1");
        }),
    },
    {
      code: "1969",
      how: "`max_statement_time` while COMMIT waits for FLUSH TABLES WITH READ LOCK",
      provoke: ({ database }) =>
        blockedCommit(database, async (a) => {
          await a.query("set session max_statement_time = 0.3");
        }),
    },
    {
      code: "1317",
      how: "KILL QUERY while COMMIT waits for FLUSH TABLES WITH READ LOCK",
      provoke: ({ database }) =>
        blockedCommit(
          database,
          () => Promise.resolve(),
          (a) => database.cancel(a.sessionId),
        ),
    },
  ],
};

type Produce = ReturnType<Provocation["provoke"]>;

/** A COMMIT that cannot be carried out; afterwards what it stood for may not be there. */
async function blockedCommit(
  database: Database,
  prepare: (committer: Connection) => Promise<void>,
  intervene?: (committer: Connection) => Promise<void>,
): Produce {
  await database.execute([marker]);
  return withSessions(database, "read-committed", 3, async (a, blocker, observer) => {
    await beginMarked(a);
    await prepare(a);
    await blocker.query("flush tables with read lock");
    const commit = failure(a.commit());
    if (intervene !== undefined) {
      await until(async () => {
        const { rows } = await observer.query(
          "select 1 from information_schema.processlist where id = $1 and info = 'COMMIT' and state like 'Waiting%'",
          [a.sessionId],
        );
        return rows.length > 0;
      });
      await intervene(a);
    }
    const error = await commit;
    await blocker.query("unlock tables");
    await expectNothingLeft(observer);
    return [{ error, phase: "commit" }];
  });
}

function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
