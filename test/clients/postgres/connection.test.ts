import { describe, expect, test } from "vitest";

import { Session } from "../../../src/clients/session.ts";
import { rules } from "../../../src/clients/postgres/rules.ts";
import { openWire } from "../../../src/clients/postgres/wire.ts";
import { parseTarget } from "../../../src/clients/target.ts";
import {
  clock,
  createAccounts,
  failure,
  serverOf,
  untilExecuting,
  withDatabase,
  withSessions,
} from "../../support/databases.ts";
import { interceptingRelay } from "./intercepting-relay.ts";

describe("traps of PostgreSQL", () => {
  test("what went along with a BEGIN that failed was carried out by itself, and is in doubt", async () => {
    const server = serverOf("postgres");
    const target = parseTarget(server.url);
    const wire = await openWire({ target, applicationName: "isolab", connectTimeoutMs: 10_000, clock });
    const session = new Session(wire, { ...rules, begin: () => ["begin nonsense"] }, "read-committed");
    const error = await failure(session.beginWith("read-committed", "select pg_advisory_lock(7)"));
    expect(error.fields).toMatchObject({ cause: "syntax", outcome: "indeterminate" });
    // No later statement can fall into a session that is not in the transaction it was meant for.
    expect(session.usable).toBe(false);
  });

  test("an error is reported only when the server is ready again, its locks released", async () => {
    const server = serverOf("postgres");
    const relay = await interceptingRelay(server.url);
    try {
      await withDatabase({ ...server, url: relay.url }, async (database) => {
        await withSessions(database, "read-committed", 1, async (a) => {
          const events: string[] = [];
          // ReadyForQuery ends an answer: Z, its length 5, one byte of status.
          const ready = Buffer.from([0x5a, 0, 0, 0, 5]);
          relay.intercept((chunk, forward) => {
            const rest = chunk.subarray(-6);
            if (!rest.subarray(0, 5).equals(ready)) {
              forward(chunk);
              return;
            }
            forward(chunk.subarray(0, -6));
            void clock.sleep(50).then(() => {
              events.push("ready");
              forward(rest);
            });
          });
          await failure(a.query("select 1/0"));
          events.push("rejected");
          await failure(a.query("select 1/$1::int", [0]));
          events.push("rejected");
          expect(events).toEqual(["ready", "rejected", "ready", "rejected"]);
          relay.intercept((chunk, forward) => {
            forward(chunk);
          });
        });
      });
    } finally {
      await relay.close();
    }
  });

  test("COMMIT of a failed transaction is answered with ROLLBACK, and is a definite failure", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.begin("read-committed");
        await a.query("update account set value = 0");
        expect((await failure(a.query("select 1/0"))).fields.cause).toBe("data-exception");
        expect((await failure(a.commit())).fields).toEqual({
          cause: "rolled-back",
          phase: "commit",
          outcome: "definite",
          code: undefined,
          connectionLost: false,
        });
        expect((await a.query("select sum(value) as s from account")).rows).toEqual([{ s: 30 }]);
      });
    });
  });

  test("a failed transaction answers 25P02 until it is rolled back", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.begin("read-committed");
        await failure(a.query("insert into account values (1, 1)"));
        for (let i = 0; i < 2; i += 1)
          expect((await failure(a.query("select 1"))).fields).toMatchObject({
            cause: "transaction-aborted",
            code: "25P02",
            phase: "statement",
            outcome: "definite",
          });
        await a.rollback();
        expect((await a.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      });
    });
  });

  test("a savepoint takes a transaction out of its failure", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.begin("read-committed");
        await a.query("savepoint s");
        await failure(a.query("insert into account values (1, 1)"));
        await a.query("rollback to savepoint s");
        await a.query("insert into account values (3, 30)");
        await a.commit();
        expect((await a.query("select count(*) as n from account")).rows).toEqual([{ n: 3 }]);
      });
    });
  });

  test("a deferred constraint fails at COMMIT, for sure", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await database.execute(["create table d (id int unique deferrable initially deferred)"]);
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.begin("read-committed");
        await a.query("insert into d values (1), (1)");
        expect((await failure(a.commit())).fields).toMatchObject({
          cause: "duplicate-key",
          code: "23505",
          phase: "commit",
          outcome: "definite",
        });
        expect((await a.query("select count(*) as n from d")).rows).toEqual([{ n: 0 }]);
      });
    });
  });

  test("serialization failures are definite, in a statement and at COMMIT", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "serializable", 2, async (a, b) => {
        await a.begin("serializable");
        await b.begin("serializable");
        await a.query("select * from account");
        await b.query("select * from account");
        await a.query("update account set value = 11 where id = 1");
        await b.query("update account set value = 21 where id = 2");
        await a.commit();
        expect((await failure(b.commit())).fields).toMatchObject({
          cause: "serialization-failure",
          code: "40001",
          phase: "commit",
          outcome: "definite",
        });
        await a.begin("repeatable-read");
        await a.query("select * from account");
        await b.query("update account set value = 0");
        expect((await failure(a.query("update account set value = 1"))).fields).toMatchObject({
          cause: "serialization-failure",
          phase: "statement",
        });
        await a.rollback();
      });
    });
  });

  test("a lock that is not waited for, and one that is waited for too long, are two causes", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 2, async (a, b) => {
        await a.begin("read-committed");
        await a.query("select * from account for update");
        expect((await failure(b.query("select * from account for update nowait"))).fields).toMatchObject({
          cause: "lock-not-available",
          code: "55P03",
        });
        await b.query("set lock_timeout = '10ms'");
        expect((await failure(b.query("select * from account for update"))).fields).toMatchObject({
          cause: "lock-timeout",
          code: "55P03",
        });
        await a.rollback();
      });
    });
  });

  test("a statement that takes too long, and one that is cancelled, are two causes", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await withSessions(database, "read-committed", 2, async (a, b) => {
        await a.begin("read-committed");
        const cancelled = failure(a.query("select pg_sleep(30)"));
        await untilExecuting(database, a.sessionId);
        await b.query("select pg_cancel_backend($1)", [a.sessionId]);
        expect((await cancelled).fields).toMatchObject({
          cause: "cancelled",
          code: "57014",
          connectionLost: false,
        });
        await a.rollback();
        await a.query("set statement_timeout = '10ms'");
        expect((await failure(a.query("select pg_sleep(30)"))).fields.cause).toBe("statement-timeout");
      });
    });
  });

  test("SET TRANSACTION outside a transaction changes nothing", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.query("set transaction isolation level serializable");
        await a.begin("read-committed");
        expect((await a.query("select current_setting('transaction_isolation') as l")).rows).toEqual([
          { l: "read committed" },
        ]);
        await a.commit();
        await a.begin("serializable");
        expect((await a.query("select current_setting('transaction_isolation') as l")).rows).toEqual([
          { l: "serializable" },
        ]);
        await a.commit();
      });
    });
  });

  test("READ UNCOMMITTED is said to be there, and reads nothing uncommitted", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-uncommitted", 2, async (a, b) => {
        await a.begin("read-uncommitted");
        await b.begin("read-uncommitted");
        await a.query("update account set value = 101 where id = 1");
        expect(
          (
            await b.query(
              "select value, current_setting('transaction_isolation') as l from account where id = 1",
            )
          ).rows,
        ).toEqual([{ value: 10, l: "read uncommitted" }]);
        await a.rollback();
        await b.rollback();
      });
    });
  });

  test("a session that the server ends for idling in a transaction is lost, and did not commit", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 2, async (a, b) => {
        await a.query("set idle_in_transaction_session_timeout = '20ms'");
        await a.begin("read-committed");
        await a.query("update account set value = 0");
        for (let i = 0; i < 2000 && a.usable; i += 1) await clock.sleep(1);
        expect((await failure(a.commit())).fields).toMatchObject({
          cause: "connection-lost",
          outcome: "definite",
        });
        expect((await b.query("select sum(value) as s from account")).rows).toEqual([{ s: 30 }]);
      });
    });
  });

  test("schema changes are part of the transaction", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.begin("read-committed");
        await a.query("create table later (id int)");
        await a.rollback();
        expect((await failure(a.query("select * from later"))).fields.cause).toBe("undefined-table");
      });
    });
  });

  test("several statements in one string answer the last one's rows", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await withSessions(database, "read-committed", 1, async (a) => {
        expect((await a.query("select 1 as a; select 2 as b")).rows).toEqual([{ b: 2 }]);
        expect((await a.query("")).rows).toEqual([]);
      });
    });
  });

  test("arrays go in and come out, big integers too", async () => {
    await withDatabase(serverOf("postgres"), async (database) => {
      await withSessions(database, "read-committed", 1, async (a) => {
        const { rows } = await a.query("select $1::bigint[] as b, 2 = any($2::int[]) as found, 1.50 as n", [
          [1, null, "9007199254740993"],
          [1, 2],
        ]);
        expect(rows).toEqual([{ b: [1, null, "9007199254740993"], found: true, n: "1.50" }]);
      });
    });
  });
});
