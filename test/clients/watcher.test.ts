import { describe, expect, test } from "vitest";

import type { Connection, Database } from "../../src/clients/database.ts";
import type { Watcher } from "../../src/clients/watcher.ts";
import {
  clock,
  createAccounts,
  failure,
  untilExecuting,
  withDatabase,
  withSessions,
} from "../support/databases.ts";
import { serverUrls, type SharedServer } from "../support/servers.ts";

const level = "read-committed";

/** Three sessions as a stepped execution has them, and who watches them. */
async function watched(
  server: SharedServer,
  body: (
    watcher: Watcher,
    database: Database,
    ...sessions: [Connection, Connection, Connection]
  ) => Promise<void>,
): Promise<void> {
  await withDatabase(server, async (database) => {
    await createAccounts(database);
    const watcher = await database.watch(null);
    try {
      await withSessions(database, level, 3, async (...sessions) => {
        for (const session of sessions) for (const sql of watcher.prepare) await session.query(sql);
        await body(watcher, database, ...sessions);
      });
    } finally {
      await watcher.close();
    }
  });
}

async function untilWaiting(watcher: Watcher, ...sessions: readonly Connection[]): Promise<void> {
  const ids = sessions.map(({ sessionId }) => sessionId);
  while ((await watcher.waiting(ids)).size < ids.length) await clock.sleep(1);
}

const update = "update account set value = value + 1 where id = 1";

describe.each(serverUrls())("watching $kind", (server) => {
  const mysql = server.dialect === "mysql";

  test("those who wait for a row wait, and no others, until the very COMMIT that frees them", async () => {
    await watched(server, async (watcher, _, a, b, c) => {
      const all = [a, b, c].map(({ sessionId }) => sessionId);
      for (let round = 0; round < 20; round++) {
        await a.begin(level);
        await a.query(update);
        expect(await watcher.waiting(all)).toEqual(new Set());
        const waiting = b.query(update);
        await untilWaiting(watcher, b);
        expect(await watcher.waiting(all)).toEqual(new Set([b.sessionId]));
        expect(await watcher.waiting([a.sessionId, c.sessionId])).toEqual(new Set());
        await a.commit();
        expect(await watcher.waiting(all)).toEqual(new Set());
        await waiting;
      }
    });
  });

  test("a statement that takes long does not wait", async () => {
    await watched(server, async (watcher, database, a) => {
      const sleeping = a.query(mysql ? "select sleep(0.5)" : "select pg_sleep(0.5)");
      await untilExecuting(database, a.sessionId);
      for (let i = 0; i < 5; i++) expect(await watcher.waiting([a.sessionId])).toEqual(new Set());
      await sleeping;
    });
  });

  test("who waits for a lock with a name waits, until the very statement that frees it", async () => {
    const take = mysql
      ? "select get_lock(concat(database(), '/x'), 60)"
      : "select pg_advisory_lock(hashtext(current_schema()))";
    const give = mysql
      ? "select release_lock(concat(database(), '/x'))"
      : "select pg_advisory_unlock(hashtext(current_schema()))";
    await watched(server, async (watcher, _, a, b) => {
      for (let round = 0; round < 10; round++) {
        await a.query(take);
        const waiting = b.query(take);
        await untilWaiting(watcher, b);
        await a.query(give);
        expect(await watcher.waiting([b.sessionId])).toEqual(new Set());
        await waiting;
        await b.query(give);
      }
    });
  });

  test("who waits for the definition of a table waits", async () => {
    await watched(server, async (watcher, _, a, b) => {
      await a.begin(level);
      await a.query("select * from account");
      const waiting = b.query("alter table account add column extra int");
      await untilWaiting(watcher, b);
      await a.commit();
      await waiting;
      expect(await watcher.waiting([b.sessionId])).toEqual(new Set());
    });
  });

  test("cancels the statement of a session, and not the session", async () => {
    await watched(server, async (watcher, _, a, b) => {
      await a.begin(level);
      await a.query(update);
      const waiting = failure(b.query(update));
      await untilWaiting(watcher, b);
      await watcher.cancel(b.sessionId);
      expect((await waiting).fields).toMatchObject({ cause: "cancelled", connectionLost: false });
      expect((await b.query("select value from account where id = 2")).rows).toEqual([{ value: 20 }]);
      await a.rollback();
    });
  });

  test("a timeout ends waits while it is set", async () => {
    await watched(server, async (watcher, _, a, b) => {
      await a.begin(level);
      await a.query(update);
      await b.query(watcher.armLockTimeout);
      const waiting = failure(b.query(update));
      await untilWaiting(watcher, b);
      expect(await watcher.timesOut(b.sessionId)).toBe(true);
      expect((await waiting).fields.cause).toBe("lock-timeout");
      await b.query(watcher.disarmLockTimeout);
      const lasting = b.query(update);
      await untilWaiting(watcher, b);
      await clock.sleep(1_500);
      expect(await watcher.waiting([b.sessionId])).toEqual(new Set([b.sessionId]));
      await a.commit();
      await lasting;
    });
  });

  test("says what a session does, and nothing of one that is gone", async () => {
    await watched(server, async (watcher, _, a) => {
      expect(await watcher.describe(a.sessionId)).not.toBe("");
      expect(await watcher.describe(0)).toBe("");
      await watcher.cancel(2 ** 30);
    });
  });

  test("an error when the server has ended the session that asks", async () => {
    await withDatabase(server, async (database) => {
      const watcher = await database.watch(null);
      await watcher.close();
      await watcher.close();
      await expect(watcher.waiting([1])).rejects.toThrow();
    });
  });
});

describe.each(serverUrls())("tables on $kind", (server) => {
  const mysql = server.dialect === "mysql";
  const engine = mysql ? " engine = innodb" : "";

  test("are listed with what they refer to, and views and the like make the list say so", async () => {
    await withDatabase(server, async (database) => {
      expect(await database.catalog()).toEqual({ tables: [], opaque: false });
      await database.execute([
        `create table parent (id int primary key)${engine}`,
        `create table child (id int primary key, a int, b int, foreign key (a) references parent (id), foreign key (b) references child (id))${engine}`,
      ]);
      const { tables, opaque } = await database.catalog();
      expect(opaque).toBe(false);
      expect(tables.map(({ name, references }) => [name, references.toSorted()])).toEqual([
        ["child", ["child", "parent"]],
        ["parent", []],
      ]);
      await database.execute(["create view seen as select id from parent"]);
      expect((await database.catalog()).opaque).toBe(true);
    });
  });

  test("are emptied whatever refers to them, and count from one again", async () => {
    await withDatabase(server, async (database) => {
      const id = mysql ? "id int primary key auto_increment" : "id serial primary key";
      await database.execute([
        `create table parent (${id}, n int)${engine}`,
        `create table child (${id}, p int, foreign key (p) references parent (id))${engine}`,
      ]);
      await database.steady(["parent", "child"]);
      for (let round = 0; round < 2; round++) {
        await database.empty(["parent", "child"]);
        await database.execute([
          "insert into parent (n) values (5), (6)",
          "insert into child (p) values (2)",
        ]);
        await withSessions(database, level, 1, async (a) => {
          expect((await a.query("select id, n from parent order by id")).rows).toEqual([
            { id: 1, n: 5 },
            { id: 2, n: 6 },
          ]);
          expect((await a.query("select id, p from child")).rows).toEqual([{ id: 1, p: 2 }]);
        });
      }
      await database.empty([]);
      // The keys are checked again.
      expect((await failure(database.execute(["insert into child (p) values (9)"]))).fields.cause).toBe(
        "foreign-key",
      );
    });
  });

  test("a session that was killed has let go of everything when that is said", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      for (let round = 0; round < 5; round++) {
        await withSessions(database, level, 2, async (a, b) => {
          await b.query(mysql ? "set session innodb_lock_wait_timeout = 1" : "set lock_timeout = 1");
          await a.begin(level);
          await a.query(update);
          await database.killAndWait(a.sessionId);
          expect((await b.query(update)).affected).toBe(1);
          expect((await failure(a.query(update))).fields).toMatchObject({
            cause: "connection-lost",
            outcome: "definite",
          });
        });
      }
    });
  });
});
