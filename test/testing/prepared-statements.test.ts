import mysql from "mysql2/promise";
import pg from "pg";
import { expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { accounts, holds } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

function urlOf(kind: "postgres" | "mariadb"): string {
  return servers.find((server) => server.kind === kind)?.url ?? "";
}

test("statements that mysql2 had prepared before, or that code prepares itself, are known in a race and after it", async () => {
  const connections = await Promise.all([1, 2].map(() => mysql.createConnection(urlOf("mariadb"))));
  try {
    for (const sql of accounts.split(";")) await connections[0]?.query(sql);
    const add = "update account set value = value + ? where id = ?";
    const prepared = await Promise.all(
      connections.map(async (connection) => {
        await connection.execute(add, [0, 1]);
        return connection.prepare("select value from account where id = ?");
      }),
    );
    const sessions = connections.map((connection, i) => async () => {
      await connection.execute(add, [i + 1, 1]);
      const [rows] = (await prepared[i]?.execute([1])) ?? [[]];
      return (rows as readonly unknown[]).length;
    });
    const result = await explore(urlOf("mariadb"), {
      setup: accounts,
      sessions,
      serializable: false,
      invariant: async (query, endings) =>
        (await holds(query, 1)) === 13 &&
        endings.every((ending) => ending.type === "returned" && ending.value === 1),
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
    for (const session of sessions) expect(await session()).toBe(1);
  } finally {
    for (const connection of connections) await connection.end();
  }
});

test("a remedy does not leave its own text behind under the name of a prepared statement", async () => {
  const pool = new pg.Pool({ connectionString: urlOf("postgres"), max: 2 });
  const pool2 = mysql.createPool({ uri: urlOf("mariadb"), connectionLimit: 2 });
  try {
    const viaPg = (amount: number) => async (): Promise<void> => {
      const client = await pool.connect();
      try {
        await client.query("begin");
        const { rows } = await client.query<{ value: number }>({
          name: "read-account",
          text: "select value from account where id = $1",
          values: [1],
        });
        await client.query("update account set value = $1 where id = 1", [(rows[0]?.value ?? 0) + amount]);
        await client.query("commit");
      } finally {
        client.release();
      }
    };
    const viaMysql = (amount: number) => async (): Promise<void> => {
      const connection = await pool2.getConnection();
      try {
        await connection.query("begin");
        const [rows] = await connection.execute("select value from account where id = ?", [1]);
        const [row] = rows as unknown as readonly { readonly value: number }[];
        await connection.execute("update account set value = ? where id = 1", [(row?.value ?? 0) + amount]);
        await connection.query("commit");
      } finally {
        connection.release();
      }
    };
    for (const [database, add] of [
      [pool, viaPg],
      [pool2, viaMysql],
    ] as const) {
      const { finding } = await explore(database, {
        setup: accounts,
        isolation: "read committed",
        sessions: [add(1), add(2)],
        serializable: false,
        invariant: async (query) => (await holds(query, 1)) === 13,
      });
      const locks = finding?.diagnosis?.remedies.find(({ name }) => name === "FOR UPDATE");
      expect(locks).toMatchObject({ helps: true, complete: true });
      // With the lock the second one would wait; without it both read the same.
      const again = await explore(database, {
        setup: accounts,
        isolation: "read committed",
        sessions: [add(1), add(2)],
        serializable: false,
        diagnose: false,
        invariant: async (query) => (await holds(query, 1)) === 13,
      });
      expect(again.finding?.interleaving).not.toMatch(/for update/i);
      expect(again.finding?.replay).toBe(finding?.replay);
    }
  } finally {
    await pool.end();
    await pool2.end();
  }
});
