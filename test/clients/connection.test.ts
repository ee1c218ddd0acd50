import { describe, expect, test } from "vitest";

import { DatabaseError, EnvironmentError } from "../../src/clients/database-error.ts";
import type { Connection } from "../../src/clients/database.ts";
import { isolationLevels } from "../../src/history/header.ts";
import { clock, createAccounts, failure, withDatabase, withSessions } from "../support/databases.ts";
import { serverUrls } from "../support/servers.ts";

describe.each(serverUrls())("a session on $kind", (server) => {
  const mysql = server.dialect === "mysql";

  test("commits what it did, and rolls back what it did not commit", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 2, async (a, b) => {
        await a.begin("read-committed");
        await a.query("update account set value = 11 where id = 1");
        await a.commit();
        await a.begin("read-committed");
        await a.query("update account set value = 21 where id = 2");
        await a.rollback();
        expect((await b.query("select id, value from account order by id")).rows).toStrictEqual([
          { id: 1, value: 11 },
          { id: 2, value: 20 },
        ]);
      });
    });
  });

  test("answers plain rows with numbers where they are exact, and JSON parsed", async () => {
    await withDatabase(server, async (database) => {
      const engine = mysql ? "engine = innodb" : "";
      await database.execute([
        `create table kinds (i int, b bigint, big bigint, n decimal(20,4), t varchar(40), j json, x int) ${engine}`,
      ]);
      await withSessions(database, "read-committed", 1, async (a) => {
        const text = `it's "$1" \\ ? \n ü ; -- `;
        await a.query(`insert into kinds values ($1, $2, $3, $4, $5, $6, $7)`, [
          -7,
          2 ** 53 - 1,
          9007199254740993n,
          "1.5000",
          text,
          { a: [1, "x"] },
          undefined,
        ]);
        const { rows, affected } = await a.query(
          "select kinds.*, count(*) over () as c from kinds where i = $1",
          [-7],
        );
        expect(affected).toBe(0);
        expect(rows).toStrictEqual([
          {
            i: -7,
            b: 2 ** 53 - 1,
            big: "9007199254740993",
            n: "1.5000",
            t: text,
            j: { a: [1, "x"] },
            x: null,
            c: 1,
          },
        ]);
      });
    });
  });

  test("counts matched rows, changed or not", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 1, async (a) => {
        expect((await a.query("update account set value = value")).affected).toBe(2);
        expect((await a.query("update account set value = 10 where id = 1")).affected).toBe(1);
        expect((await a.query("update account set value = 10 where id = 3")).affected).toBe(0);
        expect((await a.query("insert into account values (3, 30), (4, 40)")).affected).toBe(2);
        expect((await a.query("delete from account where id > 2")).affected).toBe(2);
        expect((await a.query("insert into account values (5, 50) returning id")).affected).toBe(1);
        expect((await a.query("select id from account for update")).affected).toBe(0);
      });
    });
  });

  test("gives parameters by number, in any order and more than once", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 1, async (a) => {
        const { rows } = await a.query(
          "select id, '$1' as text from account where value = $2 or (id = $1 and value <> $2)",
          [2, 10],
        );
        expect(rows).toStrictEqual([
          { id: 1, text: "$1" },
          { id: 2, text: "$1" },
        ]);
      });
    });
  });

  test("cause words are the same everywhere, and a failed statement in a transaction is definite", async () => {
    await withDatabase(server, async (database) => {
      const engine = mysql ? "engine = innodb" : "";
      await createAccounts(database);
      await database.execute([
        `create table child (id int primary key, parent int not null, n smallint, check (n > 0), foreign key (parent) references account(id)) ${engine}`,
      ]);
      const cases: readonly [sql: string, cause: string][] = [
        ["insert into account values (1, 1)", "duplicate-key"],
        ["insert into child values (1, 9, 1)", "foreign-key"],
        ["insert into child values (1, 1, 0)", "check-violation"],
        ["insert into child values (1, null, 1)", "not-null"],
        ["insert into child values (1, 1, 100000)", "data-exception"],
        ["selec 1", "syntax"],
        ["select * from nowhere", "undefined-table"],
        ["select nothing from account", "undefined-column"],
        ["create table account (id int)", "already-exists"],
      ];
      await withSessions(database, "read-committed", 1, async (a) => {
        for (const [sql, cause] of cases) {
          const alone = await failure(a.query(sql));
          expect(alone.fields).toMatchObject({ cause, phase: "autocommit", outcome: "definite" });
          if (cause === "already-exists") continue; // a schema change; see the traps of each database
          await a.begin("read-committed");
          const inside = await failure(a.query(sql));
          expect(inside.fields).toMatchObject({
            cause,
            phase: "statement",
            outcome: "definite",
            connectionLost: false,
          });
          expect(inside.fields.code).toBe(alone.fields.code);
          expect(inside.cause).toBeInstanceOf(Error);
          await a.rollback();
        }
        await database.execute(["insert into child values (1, 1, 1)"]);
        await a.begin("read-committed");
        expect((await failure(a.query("delete from account where id = 1"))).fields.cause).toBe("foreign-key");
        await a.rollback();
      });
    });
  });

  test("a read-only transaction refuses a write", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.query(mysql ? "set session transaction read only" : "set default_transaction_read_only = on");
        const error = await failure(a.query("update account set value = 1"));
        expect(error.fields).toMatchObject({ cause: "read-only", outcome: "definite" });
      });
    });
  });

  test.each(isolationLevels)("runs at %s when told so, as the server confirms", async (level) => {
    await withDatabase(server, async (database) => {
      await withSessions(database, level, 1, async (a) => {
        const variable = mysql ? "@@session.tx_isolation" : "current_setting('transaction_isolation')";
        const { rows } = await a.query<{ level: string }>(`select ${variable} as level`);
        expect(rows[0]?.level.toLowerCase().replace(/[ -]/g, "-")).toBe(level);
      });
    });
  });

  test("BEGIN and the first statement in one call are a transaction like any other", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 2, async (a, b) => {
        const raise = "update account set value = value + $1 where id = 1";
        expect((await a.beginWith("read-committed", raise, [1])).affected).toBe(1);
        await a.rollback();
        await a.beginWith("serializable", raise, [2]);
        await a.commit();
        expect((await b.query("select value from account where id = 1")).rows).toEqual([{ value: 12 }]);

        const refused = await failure(a.beginWith("read-committed", "select nothing from account"));
        expect(refused.fields).toMatchObject({ cause: "undefined-column", outcome: "definite" });
        await a.rollback();
        await a.beginWith("read-committed", raise, [1]);
        await a.rollback();
        expect((await b.query("select value from account where id = 1")).rows).toEqual([{ value: 12 }]);
      });
    });
  });

  test("another level than the session's holds for that transaction only", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      const reads = async (a: Connection, b: Connection, level: "read-committed" | "repeatable-read") => {
        await a.begin(level);
        const before = (await a.query("select value from account where id = 1")).rows[0]?.value;
        await b.query("update account set value = value + 1 where id = 1");
        const after = (await a.query("select value from account where id = 1")).rows[0]?.value;
        await a.commit();
        return Number(after) - Number(before);
      };
      await withSessions(database, "repeatable-read", 2, async (a, b) => {
        expect(await reads(a, b, "repeatable-read")).toBe(0);
        expect(await reads(a, b, "read-committed")).toBe(1);
        expect(await reads(a, b, "repeatable-read")).toBe(0);
      });
    });
  });

  test("the snapshot is taken by the first statement, not by begin()", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      await withSessions(database, "repeatable-read", 2, async (a, b) => {
        await a.begin("repeatable-read");
        await b.query("update account set value = 99 where id = 1");
        expect((await a.query("select value from account where id = 1")).rows).toEqual([{ value: 99 }]);
        await a.commit();
      });
    });
  });

  test("what a failed statement held has been released when the promise rejects", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 2, async (a, b) => {
        for (let round = 0; round < 30; round += 1) {
          await a.query("insert into account values (5, 0)");
          expect((await failure(a.query("insert into account values (6, 0), (5, 0)"))).fields.cause).toBe(
            "duplicate-key",
          );
          // Fails at once if the lock on row 5 or 6 is still there.
          const nowait = mysql
            ? "select * from account where id in (5, 6) for update nowait"
            : "select * from account where id in (5, 6) for update nowait";
          expect((await b.query(nowait)).rows).toEqual([{ id: 5, value: 0 }]);
          await a.query("delete from account where id > 2");
        }
      });
    });
  });

  test("a deadlock is a definite failure, and its victim can begin again", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 2, async (a, b) => {
        await a.begin("read-committed");
        await b.begin("read-committed");
        await a.query("update account set value = 11 where id = 1");
        await b.query("update account set value = 22 where id = 2");
        const results = await Promise.allSettled([
          a.query("update account set value = 12 where id = 2"),
          b.query("update account set value = 21 where id = 1"),
        ]);
        const victim = results[0].status === "rejected" ? a : b;
        const winner = victim === a ? b : a;
        const error = results.find((result) => result.status === "rejected")?.reason as DatabaseError;
        expect(error.fields).toMatchObject({ cause: "deadlock", phase: "statement", outcome: "definite" });
        expect((await failure(victim.query("select 1"))).fields.cause).toBe("transaction-aborted");
        expect((await failure(victim.commit())).fields).toMatchObject({
          cause: "rolled-back",
          outcome: "definite",
        });
        await winner.commit();
        await victim.begin("read-committed");
        await victim.query("update account set value = 0");
        await victim.commit();
        expect((await winner.query("select sum(value) as total from account")).rows[0]?.total).toSatisfy(
          (total) => Number(total) === 0,
        );
      });
    });
  });

  test("refuses calls that make no sense, and stays usable", async () => {
    await withDatabase(server, async (database) => {
      await withSessions(database, "read-committed", 1, async (a) => {
        await expect(a.commit()).rejects.toThrow("begin one first");
        await a.rollback();
        await a.begin("read-committed");
        await expect(a.begin("read-committed")).rejects.toThrow("inside a transaction");
        const first = a.query("select 1 as one");
        await expect(a.query("select 2")).rejects.toThrow("overlap");
        expect((await first).rows).toEqual([{ one: 1 }]);
        await a.commit();
        await expect(a.query("begin")).rejects.toThrow("use begin()");
        await expect(a.query("select 1", [Symbol("x")])).rejects.toThrow("$1 is a symbol");
        expect((await a.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
        expect(a.usable).toBe(true);
        await a.close();
        await a.close();
        expect(a.usable).toBe(false);
        expect((await failure(a.query("select 1"))).fields).toMatchObject({
          cause: "connection-lost",
          connectionLost: true,
          outcome: "definite",
        });
      });
    });
  });

  test("a transaction that a statement ended is in doubt, and nothing more is sent for it", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.begin("read-committed");
        await a.query("update account set value = 1 where id = 1");
        const error = await failure(a.query("commit"));
        expect(error.fields).toMatchObject({ cause: "ended-by-statement", outcome: "indeterminate" });
        const later = await failure(a.query("update account set value = 2 where id = 1"));
        expect(later.fields).toMatchObject({ cause: "transaction-aborted", outcome: "indeterminate" });
        expect((await failure(a.commit())).fields.outcome).toBe("indeterminate");
        expect((await a.query("select value from account where id = 1")).rows).toEqual([{ value: 1 }]);
      });
    });
  });

  test("a procedure that fails outside a transaction may have committed some of its work", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      const body = "insert into account values (3, 30); COMMIT; insert into account values (1, 1);";
      await database.execute([
        mysql
          ? `create procedure half() begin ${body.replace("COMMIT; ", "")} end`
          : `create procedure half() language plpgsql as $$ begin ${body} end $$`,
      ]);
      await withSessions(database, "read-committed", 1, async (a) => {
        const error = await failure(a.query("call half()"));
        expect(error.fields).toMatchObject({ cause: "duplicate-key", outcome: "indeterminate" });
        expect((await a.query("select value from account where id = 3")).rows).toEqual([{ value: 30 }]);
      });
    });
  });

  test("user's settings hold in every session, and what the server refuses is told", async () => {
    const [name, value, query] = mysql
      ? ["innodb_lock_wait_timeout", "7", "select @@innodb_lock_wait_timeout as v"]
      : ["lock_timeout", "7s", "select current_setting('lock_timeout') as v"];
    await withDatabase(
      server,
      async (database) => {
        expect(database.description.settings[name]).toBe(value);
        await withSessions(database, "serializable", 1, async (a) => {
          expect(String((await a.query(query)).rows[0]?.v)).toBe(value);
        });
      },
      { settings: { [name]: value } },
    );
    const [fixed, is] = mysql ? ["max_connections", "151"] : ["max_connections", "100"];
    await withDatabase(
      server,
      async (database) => {
        expect(database.description.settings[fixed]).toBe(is);
      },
      {
        settings: { [fixed]: is },
      },
    );
    const refused = withDatabase(server, () => Promise.resolve(), { settings: { [fixed]: "7" } });
    await expect(refused).rejects.toThrow(EnvironmentError);
    await expect(refused).rejects.toThrow(/does not accept max_connections=7/);
    await expect(
      withDatabase(server, () => Promise.resolve(), { settings: { no_such_thing: "1" } }),
    ).rejects.toThrow(/does not accept no_such_thing=1/);
  });

  test("says what the server is, and names no place", async () => {
    await withDatabase(
      server,
      async (database) => {
        const { description, dialect } = database;
        expect(dialect).toBe(server.dialect);
        expect(description.kind).toBe(server.kind);
        expect(description.version).toMatch(/^\d+\.\d+(\.\d+)?$/);
        const level = mysql ? "tx_isolation" : "transaction_isolation";
        expect(description.settings[level]).toMatch(/^serializable$/i);
        const text = JSON.stringify(description);
        expect(text).not.toContain(new URL(server.url).port);
        expect(text).not.toContain("/");
        await clock.sleep(0);
      },
      { isolation: "serializable" },
    );
  });
});
