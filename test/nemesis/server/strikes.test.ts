import { statfsSync } from "node:fs";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { Connection, Database } from "../../../src/clients/database.ts";
import { EnvironmentError } from "../../../src/clients/database-error.ts";
import { openDatabase } from "../../../src/clients/open-database.ts";
import type { Server } from "../../../src/clients/servers/server.ts";
import { realClock } from "../../../src/clock/real-clock.ts";
import type { OpenSession } from "../../../src/nemesis/arena.ts";
import { compose } from "../../../src/nemesis/compose.ts";
import type { Nemesis, Strike } from "../../../src/nemesis/nemesis.ts";
import { fillDisk } from "../../../src/nemesis/server/fill-disk.ts";
import { killServer, killServerAtCommit } from "../../../src/nemesis/server/kill-server.ts";
import { pauseServer } from "../../../src/nemesis/server/pause-server.ts";
import { serverNemeses } from "../../../src/nemesis/server/server-nemeses.ts";
import { shutdownServer, shutdownServerImmediate } from "../../../src/nemesis/server/shutdown-server.ts";
import { freshToken } from "../../../src/random/entropy.ts";
import { stream } from "../../../src/random/rng.ts";
import { openArena, type OpenArena } from "../../../src/runner/arena.ts";
import { ownServer, possible } from "./own-server.ts";

const clock = realClock();
const rng = stream("1", "nemesis/0");
const [level, big] = ["read-committed", "x".repeat(2_000)] as const;

describe.each(["postgres", "mariadb"] as const)("%s", (db) => {
  let target: Awaited<ReturnType<typeof ownServer>>;
  let server: Server;
  let database: Database;
  let run: string;
  let session: Connection;
  let arena: OpenArena;
  let open: OpenSession[];

  beforeAll(async () => {
    target = await ownServer(db);
    server = target.server;
  });
  afterAll(() => target.release());

  beforeEach(async () => {
    run = freshToken();
    database = await openDatabase({ url: target.url, run, isolation: level, clock });
    await database.execute([
      "create table t (id int primary key, s varchar(2000))",
      "insert into t values (1, '')",
    ]);
    session = await database.connect(level);
    open = [];
    arena = openArena({ database, clock }, { server, proxy: null }, () => open, new AbortController().signal);
  });
  afterEach(async () => {
    await session.close();
    await database.close();
  });

  async function struck(nemesis: Nemesis): Promise<Strike> {
    const strike = await nemesis.strike(arena, rng);
    if (strike === null) throw new Error("there was something to hit");
    return strike;
  }

  /** What was committed is there, a fresh session works, and the namespace is held against others. */
  async function expectInService(ids: readonly number[]): Promise<void> {
    const fresh = await database.connect(level);
    const { rows } = await fresh.query<{ id: number }>("select id from t where id < 100 order by id");
    expect(rows.map(({ id }) => id)).toEqual(ids);
    await fresh.query("insert into t values (99, '')");
    await fresh.query("delete from t where id = 99");
    await fresh.close();
    await database.execute(["update t set s = '' where id = 1"]);
    await expect(openDatabase({ url: target.url, run, isolation: level, clock })).rejects.toThrow(
      /^Another run is using/,
    );
  }

  test.each(
    possible([killServer, shutdownServer, shutdownServerImmediate], db).map(
      (nemesis) => [nemesis.name, nemesis] as const,
    ),
  )("%s ends the server; undone, what was committed is there and nothing else", async (_, nemesis) => {
    await session.query("insert into t values (2, '')");
    await session.begin(level);
    await session.query("insert into t values (3, '')");
    const strike = await struck(nemesis);
    expect(strike.did).toMatch(/^[a-z ]+$/);
    await server.ended;
    await expect(database.connect(level)).rejects.toMatchObject({ fields: { cause: "connection-refused" } });
    await expect(session.commit()).rejects.toMatchObject({ fields: { connectionLost: true } });
    await strike.undo?.();
    await expectInService([1, 2]);
  });

  test("kill-server cuts off what a session is doing", async () => {
    const sleep = db === "postgres" ? "select pg_sleep(30)" : "select sleep(30)";
    const asleep = session.query(sleep);
    const cut = expect(asleep).rejects.toMatchObject({ fields: { connectionLost: true } });
    await clock.sleep(50);
    const strike = await struck(killServer);
    await cut;
    await strike.undo?.();
    await expectInService([1]);
  });

  test("kill-server-at-commit waits for a COMMIT, and hits nothing where none comes", async () => {
    open = [{ id: session.sessionId, moment: "transaction" }];
    expect(await killServerAtCommit.strike(arena, rng)).toBeNull();
    await session.query("select 1 as one");
    const striking = struck(killServerAtCommit);
    open = [{ id: session.sessionId, moment: "commit" }];
    arena.moved();
    const strike = await striking;
    expect(strike.did).toBe("killed (commit)");
    await expect(session.query("select 1 as one")).rejects.toMatchObject({
      fields: { connectionLost: true },
    });
    await strike.undo?.();
    await expectInService([1]);
  });

  test("pause-server lets statements wait, and answers them afterwards", async () => {
    const strike = await struck(pauseServer);
    let answered = false;
    const asked = session.query("select 1 as one").finally(() => (answered = true));
    const connecting = database.connect(level);
    await clock.sleep(200);
    expect(answered).toBe(false);
    await strike.undo?.();
    expect((await asked).rows).toHaveLength(1);
    await (await connecting).close();
    expect(session.usable).toBe(true);
    await expectInService([1]);
  });

  test.each(possible([fillDisk], db).map((nemesis) => [nemesis.name, nemesis] as const))(
    "%s refuses rows for want of room, definitely so, and no more once it is undone",
    async (_, nemesis) => {
      const grow = async (from: number): Promise<void> => {
        for (let id = from; id < from + 4_000; id++)
          await session.query("insert into t values ($1, $2)", [id, big]);
      };
      const strike = await struck(nemesis);
      expect(statfsSync(join(server.directory, "data")).bavail).toBe(0);
      await session.begin(level);
      await expect(grow(1_000)).rejects.toMatchObject({
        fields: { cause: "disk-full", outcome: "definite" },
      });
      await session.rollback();
      await strike.undo?.();
      await grow(1_000);
      await expectInService([1]);
    },
  );

  test.each(possible([fillDisk], db).map((nemesis) => [nemesis.name, nemesis] as const))(
    "%s is undone also when the server dies of it, or of something else",
    async (_, nemesis) => {
      await session.query("insert into t values (2, '')");
      const strike = await struck(nemesis);
      // PostgreSQL ends by itself once its log needs another segment; MariaDB does not.
      if (db === "postgres") {
        await session.query("select pg_switch_wal()");
        await expect(async () => {
          for (let n = 0; n < 100; n++) await session.query("update t set s = $1", [`${n}`]);
        }).rejects.toMatchObject({ fields: { connectionLost: true } });
        expect(await server.ended).toMatch(/No space left on device/);
      } else server.kill();
      await server.ended;
      await strike.undo?.();
      await expectInService([1, 2]);
    },
  );

  test("what has ended or died meanwhile is started again by every undoing", async () => {
    for (const nemesis of possible(serverNemeses, db)) {
      if (nemesis === killServerAtCommit) continue;
      const strike = await struck(nemesis);
      server.kill();
      await strike.undo?.();
      await expectInService([1]);
      expect(await struckOnDead(nemesis)).toBe("in service");
    }
  });

  /** A server that has died before the fault. */
  async function struckOnDead(nemesis: Nemesis): Promise<string> {
    server.kill();
    await server.ended;
    const strike = await nemesis.strike(arena, rng);
    await strike?.undo?.();
    await expectInService([1]);
    return "in service";
  }

  test("a shutdown that a pause holds up is waited for once", async () => {
    const begun = clock.nanos();
    const strike = await struck(compose(shutdownServer, pauseServer));
    await strike.undo?.();
    await expectInService([1]);
    expect(clock.nanos() - begun).toBeLessThan(15e9);
  });

  test("a server that is not ours is left alone", async () => {
    for (const nemesis of serverNemeses) {
      open = [{ id: session.sessionId, moment: "commit" }];
      await expect(nemesis.strike({ ...arena, server: null }, rng)).rejects.toThrow(EnvironmentError);
    }
    await expectInService([1]);
  });
});
