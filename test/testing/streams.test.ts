import { Readable } from "node:stream";

import mysqlCallbacks from "mysql2";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { raceServers } from "../support/race-servers.ts";
import { accounts } from "../support/race-apps.ts";

const servers = raceServers();

function urlOf(kind: "postgres" | "mariadb"): string {
  return servers.find((server) => server.kind === kind)?.url ?? "";
}

let pgPool: pg.Pool;
let mysqlPool: mysqlCallbacks.Pool;

beforeAll(() => {
  pgPool = new pg.Pool({ connectionString: urlOf("postgres") });
  pgPool.on("error", () => undefined);
  mysqlPool = mysqlCallbacks.createPool(urlOf("mariadb"));
});

afterAll(async () => {
  await pgPool.end();
  await new Promise<void>((resolve) => {
    mysqlPool.end(() => {
      resolve();
    });
  });
});

/** How a session ended that reads by a stream, beside one that does not. */
async function endingOf(database: pg.Pool | mysqlCallbacks.Pool, read: () => unknown): Promise<unknown> {
  let error: unknown;
  await explore(database as never, {
    setup: accounts,
    sessions: [
      async () => {
        try {
          await read();
        } catch (thrown) {
          error = thrown;
        }
      },
      () => undefined,
    ],
    schedules: 1,
    serializable: false,
    invariant: () => true,
  });
  return error;
}

test("a cursor of pg is refused with a sentence that says what to do", async () => {
  const client = await pgPool.connect();
  const cursor = { submit: () => undefined };
  const error = await endingOf(pgPool, () => client.query(cursor as never));
  client.release();
  expect(error).toHaveProperty("message", expect.stringMatching(/cursor.*Read them with one query/));
});

test("a stream of mysql2 is one step", async () => {
  const rows: unknown[] = [];
  const error = await endingOf(mysqlPool, async () => {
    const connection = await new Promise<mysqlCallbacks.PoolConnection>((resolve, reject) => {
      mysqlPool.getConnection((error, given) => {
        if (error) reject(error);
        else resolve(given);
      });
    });
    const stream: Readable = connection
      .query("select * from account order by id")
      .stream({ highWaterMark: 1 });
    for await (const row of stream) rows.push(row);
    connection.release();
  });
  expect(error).toBeUndefined();
  expect(rows).toEqual([
    { id: 1, value: 10 },
    { id: 2, value: 20 },
  ]);
});

test("a stream of mysql2 ends with the error of its statement", async () => {
  const error = await endingOf(mysqlPool, async () => {
    for await (const row of mysqlPool.query("select * from nowhere").stream()) expect(row).toBeUndefined();
  });
  expect(error).toHaveProperty("message", expect.stringMatching(/nowhere/));
});

test("the results of several statements come as events, each by its number", async () => {
  const url = `${urlOf("mariadb")}?multipleStatements=true`;
  const pool = mysqlCallbacks.createPool(url);
  const told: unknown[] = [];
  const error = await endingOf(
    pool,
    () =>
      new Promise<void>((resolve, reject) => {
        pool
          .query("select 1 as a; delete from account where id = 0; select 2 as b")
          .on("result", (row: object, index: number) =>
            told.push([index, "affectedRows" in row ? "done" : row]),
          )
          .on("error", reject)
          .on("end", resolve);
      }),
  );
  await new Promise<void>((resolve) => {
    pool.end(() => {
      resolve();
    });
  });
  expect(error).toBeUndefined();
  expect(told).toEqual([
    [0, { a: 1 }],
    [1, "done"],
    [2, { b: 2 }],
  ]);
});

test("where nothing is raced a stream streams", async () => {
  const rows: unknown[] = [];
  for await (const row of mysqlPool.query("select * from account order by id").stream()) rows.push(row);
  expect(rows).toEqual([
    { id: 1, value: 10 },
    { id: 2, value: 20 },
  ]);
});
