import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Connection, Dialect } from "../../src/clients/database.ts";
import type { Server } from "../../src/clients/servers/server.ts";
import { startMysql } from "../../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../../src/clients/servers/start-postgres.ts";
import type { Nemesis, Strike } from "../../src/nemesis/nemesis.ts";
import { sessionNemeses } from "../../src/nemesis/sessions/session-nemeses.ts";
import { freshToken } from "../../src/random/entropy.ts";
import { stream } from "../../src/random/rng.ts";
import { clock, failure, untilExecuting } from "../support/databases.ts";
import { serverUrls } from "../support/servers.ts";
import { onScene, type Scene } from "./arena.ts";

function nemesis(name: string): Nemesis {
  const found = sessionNemeses.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no nemesis ${name}`);
  return found;
}

async function strike(name: string, { arena }: Scene): Promise<Strike> {
  const struck = await nemesis(name).strike(arena, stream("1", "nemesis/0"));
  if (struck === null) throw new Error(`${name} found nothing to hit`);
  return struck;
}

async function untilLost(connection: Connection): Promise<void> {
  while (connection.usable) await clock.sleep(1);
}

describe.each(serverUrls())("on $kind", (server) => {
  const { dialect } = server;
  const variable = async (connection: Connection, name: string): Promise<string> => {
    const sql =
      dialect === "mysql" ? `select @@session.${name} as v` : `select current_setting('${name}') as v`;
    return String((await connection.query(sql)).rows[0]?.v);
  };

  test.each([
    ["lock-timeout", dialect === "mysql" ? "innodb_lock_wait_timeout" : "lock_timeout"],
    ["statement-timeout", dialect === "mysql" ? "max_statement_time" : "statement_timeout"],
    [
      "idle-in-transaction-timeout",
      dialect === "mysql" ? "idle_transaction_timeout" : "idle_in_transaction_session_timeout",
    ],
  ])("%s: sessions wear it and take it off, with what the user had set", async (name, setting) => {
    await onScene(server, async (scene) => {
      const { arena, a } = scene;
      const usual = dialect === "mysql" ? "777" : "777ms";
      await a.query(dialect === "mysql" ? `set session ${setting} = 777` : `set ${setting} = '777ms'`);
      const before = await variable(a, setting);
      const { undo } = await strike(name, scene);
      expect(await variable(a, setting)).toBe(before);
      await arena.wardrobe.prepare(a);
      expect(await variable(a, setting)).not.toBe(before);
      expect(before.startsWith(usual)).toBe(true);
      await undo?.();
      await arena.wardrobe.prepare(a);
      expect(await variable(a, setting)).toBe(before);
      expect(arena.pauses.extraMs).toBe(0);
    });
  });

  test("idle-in-transaction-timeout lets applications pause", async () => {
    await onScene(server, async (scene) => {
      const { undo } = await strike("idle-in-transaction-timeout", scene);
      expect(scene.arena.pauses.extraMs).toBeGreaterThan(0);
      await undo?.();
      expect(scene.arena.pauses.extraMs).toBe(0);
    });
  });

  test("long-lock keeps others from the rows until it is undone", async () => {
    await onScene(server, async (scene) => {
      const { did, undo } = await strike("long-lock", scene);
      expect(did).toBe("locked 2 rows");
      await scene.a.query(
        dialect === "mysql" ? "set session innodb_lock_wait_timeout = 1" : "set lock_timeout = '50ms'",
      );
      const update = "update account set value = 0 where id = 1";
      expect((await failure(scene.a.query(update))).fields.cause).toBe("lock-timeout");
      await undo?.();
      expect((await scene.a.query(update)).affected).toBe(1);
    });
  });

  test("deadlock: who locks in the right order meets the rogue", async () => {
    await onScene(server, async (scene) => {
      const { a, b } = scene;
      // A third party holds the first row until the rogue waits for it, and the last one is waited for by a.
      await a.begin("read-committed");
      await a.query("select value from account where id = 1 for update");
      const struck = strike("deadlock", scene);
      await clock.sleep(100);
      const second = a.query("select value from account where id = 2 for update");
      const [outcome, { did }] = await Promise.all([
        second.then(
          () => "kept",
          () => "lost",
        ),
        struck,
      ]);
      const victim = did.endsWith("and was the victim");
      expect([outcome, victim]).toEqual(outcome === "kept" ? ["kept", true] : ["lost", false]);
      await a.rollback();
      // Nothing of the rogue is left.
      expect((await b.query("update account set value = 0 where id = 2")).affected).toBe(1);
    });
  });

  test("cancel-statement breaks off a statement, and the session goes on", async () => {
    await onScene(server, async (scene) => {
      const { a, b, database } = scene;
      await b.begin("read-committed");
      await b.query("update account set value = 0 where id = 1");
      const update = failure(a.query("update account set value = 1 where id = 1"));
      await untilExecuting(database, a.sessionId);
      expect((await strike("cancel-statement", scene)).did).toBe("cancelled");
      expect((await update).fields.cause).toBe("cancelled");
      await b.rollback();
      expect((await a.query("update account set value = 1 where id = 1")).affected).toBe(1);
    });
  });

  test.each([
    ["kill-idle", "idle"],
    ["kill-in-transaction", "transaction"],
  ] as const)("%s waits for the moment", async (name, moment) => {
    await onScene(server, async (scene) => {
      const { a, b } = scene;
      for (const session of [a, b]) if (moment === "idle") await session.begin("read-committed");
      const struck = strike(name, scene);
      await clock.sleep(20);
      expect(a.usable && b.usable).toBe(true);
      if (moment === "idle") await a.rollback();
      else await a.begin("read-committed");
      expect((await struck).did).toBe(`killed (${moment})`);
      await untilLost(a);
      expect(b.usable).toBe(true);
    });
  });

  test("nothing is hit when no session comes to the moment before the run ends", async () => {
    await onScene(server, async ({ arena, end }) => {
      const struck = nemesis("kill-in-commit").strike(arena, stream("1", "nemesis/0"));
      end();
      expect(await struck).toBeNull();
    });
  });

  test("what a rogue cannot do leaves no session behind", async () => {
    await onScene(server, async (scene) => {
      await scene.a.begin("read-committed");
      await scene.a.query("select value from account for update");
      await expect(strike("long-lock", scene)).rejects.toThrow(/lock/);
      await scene.a.rollback();
      await scene.a.close();
      await scene.b.close();
      expect(await scene.database.sessionsLeft()).toBe(0);
    });
  });
});

/** Row versions that are kept for a snapshot: by VACUUM's own account, or the length of InnoDB's history list. */
async function keptVersions(connection: Connection, dialect: Dialect): Promise<number> {
  if (dialect === "postgres") {
    await connection.query("vacuum account");
    const { rows } = await connection.query(
      "select n_dead_tup as kept from pg_stat_user_tables where relid = 'account'::regclass",
    );
    return Number(rows[0]?.kept);
  }
  const { rows } = await connection.query("show engine innodb status");
  return Number(/History list length (\d+)/.exec(String(rows[0]?.Status))?.[1]);
}

const few = { max_connections: "20" };

// What others do on the same server would show here.
describe.each([
  ["postgres", () => startPostgres({ settings: few }, clock, freshToken(16))],
  ["mariadb", () => startMysql({ settings: few }, clock, freshToken(16), { insist: "mariadb" })],
] as const)("on a %s of its own", (kind, start) => {
  let server: Server;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
  });
  const dialect = kind === "mariadb" ? "mysql" : "postgres";

  test("idle-in-transaction holds back cleanup until it is undone", async () => {
    await onScene({ kind, dialect, url: server.url }, async (scene) => {
      const { a } = scene;
      const { undo } = await strike("idle-in-transaction", scene);
      for (let i = 0; i < 20; i++) await a.query("update account set value = $1 where id = 1", [i]);
      expect(await keptVersions(a, dialect)).toBeGreaterThanOrEqual(20);
      await undo?.();
      await expect.poll(() => keptVersions(a, dialect), { timeout: 30_000 }).toBeLessThan(20);
    });
  });

  test("exhaust-connections leaves none, and gives all back", async () => {
    await onScene({ kind, dialect, url: server.url }, async (scene) => {
      const { database, a, b } = scene;
      const { did, undo } = await strike("exhaust-connections", scene);
      expect(did).toMatch(/^took 1\d connections$/);
      expect([a, b].filter(({ usable }) => usable)).toHaveLength(1);
      expect((await failure(database.connect("read-committed"))).fields).toMatchObject({
        cause: "too-many-connections",
        outcome: "definite",
        phase: "connect",
      });
      await undo?.();
      for (const session of [await database.connect("read-committed"), a, b]) await session.close();
      expect(await database.sessionsLeft()).toBe(0);
    });
  });
});
