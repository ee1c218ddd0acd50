import { createServer, type AddressInfo } from "node:net";
import mysqlCallbacks from "mysql2";
import mysql from "mysql2/promise";
import pg from "pg";
import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { accounts } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

function urlOf(kind: "postgres" | "mariadb"): string {
  return servers.find((server) => server.kind === kind)?.url ?? "";
}

type Query = (sql: string) => Promise<readonly { readonly value: number }[]>;

const adds = (query: Query, amount: number) => async (): Promise<void> => {
  const [row] = await query("select value from account where id = 1");
  await query(`update account set value = ${(row?.value ?? 0) + amount} where id = 1`);
};

const options = { setup: accounts, diagnose: false, timeLimitMs: 20_000 };

/** A client that an application has given something to do with each statement. */
class LoggingClient extends pg.Client {
  readonly log: unknown[] = [];
  override query = ((...args: unknown[]): unknown => {
    this.log.push(args[0]);
    return (pg.Client.prototype.query as (...args: unknown[]) => unknown).apply(this, args);
  }) as pg.Client["query"];
}

class OverridingClient extends pg.Client {}
OverridingClient.prototype.query = function query(this: pg.Client, ...args: unknown[]): unknown {
  return (pg.Client.prototype.query as (...args: unknown[]) => unknown).apply(this, args);
} as pg.Client["query"];

class OverridingPool extends pg.Pool {
  override connect(...args: unknown[]): never {
    return (pg.Pool.prototype.connect as (...args: unknown[]) => unknown).apply(this, args) as never;
  }
}

describe.each([
  [
    "a client that overrides query",
    () => new pg.Pool({ connectionString: urlOf("postgres"), Client: OverridingClient }),
  ],
  [
    "a client with a query of its own",
    () => new pg.Pool({ connectionString: urlOf("postgres"), Client: LoggingClient }),
  ],
  ["a pool that overrides connect", () => new OverridingPool({ connectionString: urlOf("postgres") })],
])("%s", (_, open) => {
  test.each([true, false])("is raced like any (given: %s)", async (isGiven) => {
    const pool = open();
    pool.on("error", () => undefined);
    const query: Query = async (sql) => (await pool.query<{ value: number }>(sql)).rows;
    try {
      const { valid } = await explore(isGiven ? pool : urlOf("postgres"), {
        ...options,
        sessions: [adds(query, 1), adds(query, 2)],
      });
      expect(valid).toBe(false);
    } finally {
      await pool.end();
    }
  });
});

/** What the guide of node-postgres has for checking out clients ("Project structure"). */
async function checkOut(pool: pg.Pool): Promise<pg.PoolClient> {
  const client = await pool.connect();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- as the guide has it
  const { query, release } = client;
  client.query = ((...args: unknown[]): unknown =>
    (query as (...args: unknown[]) => unknown).apply(client, args)) as pg.PoolClient["query"];
  client.release = () => {
    client.query = query;
    client.release = release;
    release.call(client);
  };
  return client;
}

test("clients that were checked out before the race, and got their own query back, are heard", async () => {
  const pool = new pg.Pool({ connectionString: urlOf("postgres"), max: 3 });
  pool.on("error", () => undefined);
  const warm = await Promise.all([checkOut(pool), checkOut(pool), checkOut(pool)]);
  for (const client of warm) client.release();
  const add = (amount: number) => async (): Promise<void> => {
    const client = await checkOut(pool);
    try {
      await adds(async (sql) => (await client.query<{ value: number }>(sql)).rows, amount)();
    } finally {
      client.release();
    }
  };
  try {
    const { valid } = await explore(pool, { ...options, sessions: [add(1), add(2)] });
    expect(valid).toBe(false);
  } finally {
    await pool.end();
  }
});

test("what goes past the instruments by a client's own query proves nothing", async () => {
  const pool = new pg.Pool({ connectionString: urlOf("postgres"), max: 3 });
  const other = new pg.Pool({ connectionString: urlOf("postgres"), max: 3 });
  for (const each of [pool, other]) each.on("error", () => undefined);
  pool.on("connect", (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => query(...args)) as pg.PoolClient["query"];
  });
  await Promise.all([1, 2, 3].map(() => pool.query("select 1")));
  const add = (amount: number) => async (): Promise<void> => {
    await other.query("select 1 from account");
    await adds(async (sql) => (await pool.query<{ value: number }>(sql)).rows, amount)();
  };
  try {
    const { valid, notes } = await explore(other, { ...options, sessions: [add(1), add(2)] });
    expect(valid).toBe("unknown");
    expect(notes.join(" ")).toMatch(/from none of them/);
  } finally {
    await pool.end();
    await other.end();
  }
});

describe("a pool of mysql2 that sets up its connections", () => {
  test("by a query without a callback", async () => {
    const pool = mysql.createPool(urlOf("mariadb"));
    pool.on("connection", (connection) => {
      (connection as unknown as mysqlCallbacks.Connection).query("set time_zone = '+00:00'");
    });
    const query: Query = async (sql) => (await pool.query(sql))[0] as unknown as { value: number }[];
    try {
      const { valid } = await explore(pool, { ...options, sessions: [adds(query, 1), adds(query, 2)] });
      expect(valid).toBe(false);
    } finally {
      await pool.end();
    }
  });
});

test("a server that never answers does not outlast the time limit", async () => {
  const sockets = new Set<{ destroy(): void }>();
  const silent = createServer((socket) => sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  const pool = new pg.Pool({ host: "127.0.0.1", port, user: "u", database: "d", password: "p" });
  pool.on("error", () => undefined);
  try {
    const session = (): Promise<unknown> => pool.query("select 1 from account");
    const race = explore(urlOf("postgres"), { ...options, timeLimitMs: 3_000, sessions: [session, session] });
    // Without it the driver would wait without end, and who makes a connection is waited for a minute.
    await expect(race).rejects.toThrow(/time limit/);
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
});
