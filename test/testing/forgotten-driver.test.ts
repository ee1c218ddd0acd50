import { createRequire } from "node:module";
import type mysql from "mysql2/promise";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { race } from "../../src/testing/race.ts";
import { startServer, type TestServer } from "../../src/testing/start-server.ts";

const require = createRequire(import.meta.url);

/** A copy of a driver that no list of loaded modules shows any more, as `resetModules` of jest leaves one. */
function forgotten(name: string): unknown {
  const known = { ...require.cache };
  const ofDrivers = Object.keys(known).filter((file) =>
    /[\\/]node_modules[\\/](?:pg|pg-pool|mysql2)[\\/]/.test(file),
  );
  for (const file of ofDrivers) Reflect.deleteProperty(require.cache, file);
  const copy: unknown = require(name);
  for (const file of Object.keys(require.cache))
    if (!(file in known) || ofDrivers.includes(file)) Reflect.deleteProperty(require.cache, file);
  Object.assign(require.cache, known);
  return copy;
}

const setup =
  "drop table if exists counters; create table counters (n int not null); insert into counters values (0)";

interface Counter {
  readonly n: number;
}

describe("a copy of pg that was forgotten", () => {
  let server: TestServer;
  let seen: pg.Pool;
  let unseen: pg.Pool;

  beforeAll(async () => {
    server = await startServer("postgres");
    seen = new pg.Pool({ connectionString: server.url });
    const copy = forgotten("pg") as typeof pg;
    expect(copy.Client).not.toBe(pg.Client);
    unseen = new copy.Pool({ connectionString: server.url });
  });

  afterAll(async () => {
    await seen.end();
    await unseen.end();
    await server.stop();
  });

  async function add(pool: pg.Pool): Promise<void> {
    const { rows } = await pool.query<Counter>("select n from counters");
    await pool.query("update counters set n = $1", [(rows[0]?.n ?? 0) + 1]);
  }

  const lost = () => ({ setup, sessions: [() => add(unseen), () => add(unseen)] });

  test("proves nothing where it is not at hand", async () => {
    await expect(race(server.url, lost())).rejects.toThrow("No statement of the sessions came by");
  });

  test("proves nothing where another session's driver is seen", async () => {
    const { valid, notes } = await explore(server.url, {
      setup,
      sessions: [() => add(unseen), () => add(seen)],
    });
    expect(valid).toBe("unknown");
    expect(notes).toEqual([expect.stringMatching(/^No statement of add\(unseen\) came by/)]);
  });

  test("is found by the pool that is passed", async () => {
    const { finding } = await explore(unseen, { ...lost(), diagnose: false });
    expect(finding).toMatchObject({ statements: 4, switches: 2 });
  });

  test("is not suspected where a function waits for nothing", async () => {
    const idle = (): boolean => true;
    const { valid, complete } = await explore(server.url, { setup, sessions: [idle, () => add(seen)] });
    expect({ valid, complete }).toEqual({ valid: true, complete: true });
  });
});

test("a forgotten copy of mysql2 is found by the pool, though that has no connection yet", async () => {
  await using server = await startServer("mariadb");
  const pool = (forgotten("mysql2/promise") as typeof mysql).createPool(server.url);
  const add = async (): Promise<void> => {
    const [rows] = await pool.query<(mysql.RowDataPacket & Counter)[]>("select n from counters");
    await pool.query("update counters set n = ?", [(rows[0]?.n ?? 0) + 1]);
  };
  try {
    const { finding } = await explore(pool, { setup, sessions: [add, add], diagnose: false });
    expect(finding).toMatchObject({ statements: 4, switches: 2 });
  } finally {
    await pool.end();
  }
});
