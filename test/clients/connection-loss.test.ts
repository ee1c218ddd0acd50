import { describe, expect, test } from "vitest";

import type { Connection, Database } from "../../src/clients/database.ts";
import {
  clock,
  createAccounts,
  failure,
  freshRun,
  untilExecuting,
  withDatabase,
  withSessions,
} from "../support/databases.ts";
import { startMysql } from "../../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../../src/clients/servers/start-postgres.ts";
import { openDatabase } from "../../src/clients/open-database.ts";
import { parseTarget } from "../../src/clients/target.ts";
import { openProxy } from "../../src/nemesis/proxy/open-proxy.ts";
import { stream } from "../../src/random/rng.ts";
import { serverUrls } from "../support/servers.ts";

/** Waits until the client has noticed that a session is gone. */
async function untilLost(connection: Connection): Promise<void> {
  for (let i = 0; i < 2000 && connection.usable; i += 1) await clock.sleep(1);
  expect(connection.usable).toBe(false);
}

async function valueOf(database: Database, id: number): Promise<unknown> {
  return withSessions(database, "read-committed", 1, async (session) => {
    return (await session.query("select value from account where id = $1", [id])).rows[0]?.value;
  });
}

describe.each(serverUrls())("a lost connection on $kind", (server) => {
  const sleep = server.dialect === "mysql" ? "select sleep(30)" : "select pg_sleep(30)";

  test("an idle session that is killed ends no process, and the next call fails for sure", async () => {
    await withDatabase(server, async (database) => {
      await withSessions(database, "read-committed", 1, async (a) => {
        await database.kill(a.sessionId);
        await untilLost(a);
        const lost = { cause: "connection-lost", outcome: "definite", connectionLost: true, code: undefined };
        expect((await failure(a.query("select 1"))).fields).toEqual({ ...lost, phase: "autocommit" });
        expect((await failure(a.begin("read-committed"))).fields).toEqual({ ...lost, phase: "statement" });
        await a.rollback();
      });
    });
  });

  test("a transaction whose session is killed between statements is rolled back for sure", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      await withSessions(database, "read-committed", 1, async (a) => {
        await a.begin("read-committed");
        await a.query("update account set value = 11 where id = 1");
        await database.kill(a.sessionId);
        await untilLost(a);
        const error = await failure(a.commit());
        expect(error.fields).toMatchObject({
          cause: "connection-lost",
          phase: "commit",
          outcome: "definite",
          connectionLost: true,
        });
        expect(await valueOf(database, 1)).toBe(10);
      });
    });
  });

  test("a kill in the middle of a statement: definite in a transaction, in doubt outside of one", async () => {
    await withDatabase(server, async (database) => {
      await withSessions(database, "read-committed", 2, async (a, b) => {
        await a.begin("read-committed");
        const inside = failure(a.query(sleep));
        const alone = failure(b.query(sleep));
        await untilExecuting(database, a.sessionId);
        await untilExecuting(database, b.sessionId);
        await database.kill(a.sessionId);
        await database.kill(b.sessionId);
        const lost = { cause: "connection-lost", connectionLost: true, code: undefined };
        expect((await inside).fields).toEqual({ ...lost, phase: "statement", outcome: "definite" });
        expect((await alone).fields).toEqual({ ...lost, phase: "autocommit", outcome: "indeterminate" });
        expect((await failure(a.rollback())).fields.connectionLost).toBe(true);
      });
    });
  });

  test("a statement inside a transaction whose answer is lost is a definite failure, and close() says what it left", async () => {
    const proxy = await openProxy(parseTarget(server.url), clock, stream("1", "proxy"));
    const url = new URL(server.url);
    url.port = String(proxy.port);
    const warnings: string[] = [];
    // The control session too.
    const database = await openDatabase({
      url: url.href,
      run: freshRun(),
      clock,
      onWarning: (sentence) => warnings.push(sentence),
    });
    try {
      await createAccounts(database);
      const a = await database.connect("read-committed");
      await a.begin("read-committed");
      const until = new AbortController().signal;
      const lost = proxy.lose("reply", (sql) => sql.startsWith("update"), { until });
      expect((await failure(a.query("update account set value = 0"))).fields).toMatchObject({
        phase: "statement",
        outcome: "definite",
        connectionLost: true,
      });
      expect(await lost).toBe(true);
      await a.close();
    } finally {
      await proxy.close();
      await database.close();
    }
    expect(warnings.join()).toMatch(/could not be dropped: the next run on this server does it/);
  });

  test("close() gives up a statement that is under way", async () => {
    await withDatabase(server, async (database) => {
      const a = await database.connect("read-committed");
      const running = failure(a.query(sleep));
      await untilExecuting(database, a.sessionId);
      const { sessionId } = a;
      await a.close();
      expect((await running).fields).toMatchObject({ outcome: "indeterminate", connectionLost: true });
      await database.kill(sessionId);
      expect(await database.sessionsLeft()).toBe(0);
    });
  });

  test("counts the sessions the server knows, and kills only the run's own", async () => {
    await withDatabase(server, async (database) => {
      await withDatabase(server, async (other) => {
        const stranger = await other.connect("read-committed");
        expect(await database.sessionsLeft()).toBe(0);
        const sessions = await Promise.all([1, 2, 3].map(() => database.connect("serializable")));
        expect(new Set(sessions.map((session) => session.sessionId)).size).toBe(3);
        expect(await database.sessionsLeft()).toBe(3);
        await sessions[0]?.close();
        expect(await database.sessionsLeft()).toBe(2);
        await database.kill(sessions[1]!.sessionId);
        expect(await database.sessionsLeft()).toBe(1);
        await database.kill(stranger.sessionId);
        expect((await stranger.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
        await stranger.close();
        await Promise.all(sessions.map((session) => session.close()));
        expect(await database.sessionsLeft()).toBe(0);
      });
    });
  });

  test("a server that is gone is a definite failure of the next connect, and close() says what it left", async () => {
    const start = server.dialect === "mysql" ? startMysql : startPostgres;
    const own = await start({}, clock, freshRun());
    const warnings: string[] = [];
    const database = await openDatabase({
      url: own.url,
      run: freshRun(),
      clock,
      onWarning: (sentence) => warnings.push(sentence),
    });
    await own.stop();
    const refused = { cause: "connection-refused", outcome: "definite", code: "ECONNREFUSED" };
    expect((await failure(database.connect("serializable"))).fields).toMatchObject({
      ...refused,
      phase: "connect",
    });
    expect((await failure(database.sessionsLeft())).fields).toMatchObject(refused);
    await database.close();
    expect(warnings.join()).toMatch(/could not be dropped/);
  });

  test("the control session comes back after it was lost", async () => {
    await withDatabase(server, async (database) => {
      await createAccounts(database);
      const sql =
        server.dialect === "mysql"
          ? "select id from information_schema.processlist where db = database() and id <> connection_id()"
          : "select pid as id from pg_stat_activity where application_name = current_schema() || '/control'";
      await withSessions(database, "read-committed", 1, async (a) => {
        const { rows } = await a.query<{ id: number }>(sql);
        expect(rows).toHaveLength(1);
        await a.query(
          server.dialect === "mysql" ? `kill ${rows[0]!.id}` : `select pg_terminate_backend(${rows[0]!.id})`,
        );
        expect(await database.sessionsLeft()).toBe(1);
        await clock.sleep(50);
        await database.execute(["insert into account values (3, 30)"]);
        expect((await a.query("select value from account where id = 3")).rows).toEqual([{ value: 30 }]);
      });
    });
  });
});
