import { describe, expect, test } from "vitest";

import {
  createAccounts,
  failure,
  serverOf,
  untilExecuting,
  withDatabase,
  withSessions,
} from "../../support/databases.ts";

describe("traps of InnoDB", () => {
  test("after a deadlock nothing runs outside the transaction", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await createAccounts(database);
      await database.execute(["create table log (id int primary key) engine = innodb"]);
      await withSessions(database, "repeatable-read", 2, async (a, b) => {
        await a.begin("repeatable-read");
        await b.begin("repeatable-read");
        // More undo makes b the heavier one: a is the victim.
        await b.query("update account set value = 21 where id = 2");
        await b.query("insert into log values (1), (2), (3), (4)");
        await a.query("select * from account where id = 1 for update");
        const waiting = b.query("update account set value = 12 where id = 1");
        await untilExecuting(database, b.sessionId);
        const error = await failure(a.query("update account set value = 22 where id = 2"));
        expect(error.fields).toMatchObject({ cause: "deadlock", code: 1213, outcome: "definite" });
        await waiting;
        // What the body of a would do next, had it swallowed the error.
        const next = await failure(a.query("insert into log values (99)"));
        expect(next.fields).toMatchObject({ cause: "transaction-aborted", outcome: "definite" });
        expect((await failure(a.commit())).fields).toMatchObject({
          cause: "rolled-back",
          outcome: "definite",
        });
        await b.commit();
        expect((await a.query("select max(id) as id from log")).rows).toEqual([{ id: 4 }]);
      });
    });
  });

  test("after a snapshot conflict (1020) the transaction is over", async () => {
    await withDatabase(
      serverOf("mysql"),
      async (database) => {
        expect(database.description.settings.innodb_snapshot_isolation).toBe("ON");
        await createAccounts(database);
        await withSessions(database, "repeatable-read", 2, async (a, b) => {
          await a.begin("repeatable-read");
          await a.query("update account set value = 21 where id = 2");
          await a.query("select * from account");
          await b.query("update account set value = 11 where id = 1");
          const error = await failure(a.query("update account set value = 12 where id = 1"));
          expect(error.fields).toMatchObject({ cause: "snapshot-conflict", code: 1020, outcome: "definite" });
          expect((await failure(a.query("insert into account values (3, 30)"))).fields.cause).toBe(
            "transaction-aborted",
          );
          await a.rollback();
          expect((await b.query("select id, value from account order by id")).rows).toEqual([
            { id: 1, value: 11 },
            { id: 2, value: 20 },
          ]);
        });
      },
      { settings: { innodb_snapshot_isolation: "ON" } },
    );
  });

  test("a lock wait that takes too long ends the whole transaction, not the statement alone", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 2, async (a, b) => {
        await b.query("set session innodb_lock_wait_timeout = 1");
        await a.begin("read-committed");
        await a.query("update account set value = 11 where id = 1");
        await b.begin("read-committed");
        await b.query("update account set value = 22 where id = 2");
        const error = await failure(b.query("update account set value = 12 where id = 1"));
        expect(error.fields).toMatchObject({ cause: "lock-timeout", code: 1205, outcome: "definite" });
        // Its earlier write and the lock on it are gone.
        expect((await a.query("select value from account where id = 2 for update nowait")).rows).toEqual([
          { value: 20 },
        ]);
        expect((await failure(b.query("select 1"))).fields.cause).toBe("transaction-aborted");
        await b.begin("read-committed");
        await b.rollback();
        await a.rollback();
      });
    });
  });

  test("a duplicate key undoes its statement only: the transaction goes on", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "repeatable-read", 1, async (a) => {
        await a.begin("repeatable-read");
        await a.query("insert into account values (3, 30)");
        expect((await failure(a.query("insert into account values (4, 40), (1, 0)"))).fields.cause).toBe(
          "duplicate-key",
        );
        await a.query("insert into account values (5, 50)");
        await a.commit();
        expect((await a.query("select group_concat(id order by id) as ids from account")).rows).toEqual([
          { ids: "1,2,3,5" },
        ]);
      });
    });
  });

  test("KILL QUERY undoes the statement only, and it can be tried again in its transaction", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "repeatable-read", 2, async (a, b) => {
        await a.begin("repeatable-read");
        await a.query("update account set value = 11 where id = 1");
        await b.begin("repeatable-read");
        await b.query("update account set value = 22 where id = 2");
        const blocked = failure(b.query("update account set value = 12 where id = 1"));
        await untilExecuting(database, b.sessionId);
        await a.query(`kill query ${b.sessionId}`);
        expect((await blocked).fields).toMatchObject({
          cause: "cancelled",
          code: 1317,
          phase: "statement",
          outcome: "definite",
          connectionLost: false,
        });
        await a.commit();
        await b.query("update account set value = value + 1 where id = 1");
        await b.commit();
        expect((await a.query("select value from account order by id")).rows).toEqual([
          { value: 12 },
          { value: 22 },
        ]);
      });
    });
  });

  test("a statement that takes too long is stopped, and outside a transaction that proves nothing", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.query("set session max_statement_time = 0.05");
        const slow = "update account set value = value + benchmark(2000000000, md5('x'))";
        expect((await failure(a.query(slow))).fields).toMatchObject({
          cause: "statement-timeout",
          code: 1969,
          outcome: "indeterminate",
        });
        await a.begin("read-committed");
        expect((await failure(a.query(slow))).fields).toMatchObject({
          cause: "statement-timeout",
          outcome: "definite",
        });
        await a.rollback();
      });
    });
  });

  test.each([
    ["that works", "create table later (id int)"],
    ["that fails", "create table account (id int)"],
  ])(
    "a schema change %s commits the transaction around it: in doubt, and nothing more is sent",
    async (_, ddl) => {
      await withDatabase(serverOf("mysql"), async (database) => {
        await createAccounts(database);
        await withSessions(database, "read-committed", 1, async (a) => {
          await a.begin("read-committed");
          await a.query("update account set value = 11 where id = 1");
          expect((await failure(a.query(ddl))).fields.outcome).toBe("indeterminate");
          expect((await failure(a.query("update account set value = 12 where id = 1"))).fields).toMatchObject(
            {
              cause: "transaction-aborted",
              outcome: "indeterminate",
            },
          );
          await a.rollback();
          expect((await a.query("select value from account where id = 1")).rows).toEqual([{ value: 11 }]);
        });
      });
    },
  );

  test("SET GLOBAL does not reach open sessions", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await withSessions(database, "repeatable-read", 1, async (a) => {
        const { rows } = await a.query<{ g: string }>("select @@global.tx_isolation as g");
        await a.query("set global transaction isolation level serializable");
        try {
          expect((await a.query("select @@session.tx_isolation as l")).rows).toEqual([
            { l: "REPEATABLE-READ" },
          ]);
        } finally {
          await a.query("set global tx_isolation = $1", [rows[0]?.g]);
        }
      });
    });
  });

  test("READ UNCOMMITTED reads what is not committed", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-uncommitted", 2, async (a, b) => {
        await a.begin("read-uncommitted");
        await a.query("update account set value = 101 where id = 1");
        expect((await b.query("select value from account where id = 1")).rows).toEqual([{ value: 101 }]);
        await a.rollback();
      });
    });
  });

  test("DECIMAL is a string, and so is the sum of integers", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 1, async (a) => {
        expect((await a.query("select sum(value) as s, 1.50 as n, true as b from account")).rows).toEqual([
          { s: "30", n: "1.50", b: 1 },
        ]);
      });
    });
  });

  test("a parameter cannot leave its literal, whatever it holds", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await withSessions(database, "read-committed", 1, async (a) => {
        for (const text of ["' or 1 = 1 -- ", "\\", "\\' ", '"', "$1 ? $2", "\0\n\r\x1a", "/*"])
          expect((await a.query("select $1 as text", [text])).rows).toEqual([{ text }]);
        expect(
          (await a.query("select $1 as j, hex($2) as b", [[1, "x"], new Uint8Array([0, 255])])).rows,
        ).toEqual([{ j: '[1,"x"]', b: "00FF" }]);
      });
    });
  });

  test("a sql_mode under which that would not hold is refused", async () => {
    await expect(
      withDatabase(serverOf("mysql"), () => Promise.resolve(), {
        settings: { sql_mode: "NO_BACKSLASH_ESCAPES" },
      }),
    ).rejects.toThrow(/NO_BACKSLASH_ESCAPES/);
  });

  test("a procedure that commits ends the transaction it was called in", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await createAccounts(database);
      await database.execute(["create procedure ending() begin select 1 as n; commit; end"]);
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.begin("read-committed");
        expect((await failure(a.query("call ending()"))).fields).toMatchObject({
          cause: "ended-by-statement",
          outcome: "indeterminate",
        });
      });
    });
  });

  test("a stored procedure answers its rows", async () => {
    await withDatabase(serverOf("mysql"), async (database) => {
      await database.execute(["create procedure two() begin select 2 as n; end"]);
      await withSessions(database, "read-committed", 1, async (a) => {
        expect((await a.query("call two()")).rows).toEqual([{ n: 2 }]);
      });
    });
  });
});
