import mysqlCallbacks from "mysql2";
import mysql from "mysql2/promise";
import pg from "pg";
import { expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

const setup =
  "drop table if exists counters; create table counters (n int not null); insert into counters values (0)";
const update = "update counters set n = n + 1";

const ways: readonly [string, "postgres" | "mariadb", (url: string) => Promise<void>][] = [
  [
    "a client of pg",
    "postgres",
    async (url) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(update);
      await client.end();
    },
  ],
  [
    "a connection of mysql2/promise",
    "mariadb",
    async (url) => {
      const connection = await mysql.createConnection(url);
      await connection.query(update);
      await connection.end();
    },
  ],
  [
    "a connection of mysql2",
    "mariadb",
    (url) =>
      new Promise((resolve, reject) => {
        const connection = mysqlCallbacks.createConnection(url);
        connection.query(update, (error) => {
          connection.end();
          if (error === null) resolve();
          else reject(error);
        });
      }),
  ],
  [
    "a pool of mysql2/promise",
    "mariadb",
    async (url) => {
      const pool = mysql.createPool(url);
      await pool.query(update);
      await pool.end();
    },
  ],
  [
    "a connection of mysql2/promise that is destroyed",
    "mariadb",
    async (url) => {
      const connection = await mysql.createConnection(url);
      await connection.query(update);
      connection.destroy();
    },
  ],
];

test.each(ways)("a function may open and close %s of its own (%s)", async (_, kind, add) => {
  const url = servers.find((server) => server.kind === kind)?.url ?? "";
  const run = (): Promise<void> => add(url);
  const result = await explore(url, { setup, sessions: [run, run] });
  expect(result).toMatchObject({ valid: true, complete: true });
});
