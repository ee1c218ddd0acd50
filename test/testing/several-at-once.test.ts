import pg from "pg";
import { expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { startServer } from "../../src/testing/start-server.ts";
import { clock } from "../support/databases.ts";
import { accounts } from "../support/race-apps.ts";

test("statements that are sent at once go in the order in which they were asked for, on connections that are new too", async () => {
  await using server = await startServer("postgres");
  const orders = new Set<string>();
  for (let round = 0; round < 10; round++) {
    const pool = new pg.Pool({ connectionString: server.url });
    const move = (amount: number) => async (): Promise<void> => {
      const [one, other] = await Promise.all([1, 2].map((id) => valueIn(pool, id)));
      await Promise.all([
        pool.query("update account set value = $1 where id = 1", [Number(one) + amount]),
        pool.query("update account set value = $1 where id = 2", [Number(other) - amount]),
      ]);
    };
    const { finding } = await explore(pool, {
      setup: accounts,
      sessions: [move(1), move(10)],
      serializable: false,
      invariant: async (query) =>
        (await query("select 1 from account where id = 1 and value = 21")).rows.length === 1,
      diagnose: false,
    });
    await pool.end();
    orders.add(`${finding?.replay} ${finding?.interleaving}`);
  }
  expect([...orders]).toHaveLength(1);
});

async function valueIn(pool: pg.Pool, id: number): Promise<unknown> {
  const { rows } = await pool.query<{ value: number }>("select value from account where id = $1", [id]);
  return rows[0]?.value;
}

test("connections are given back whatever was broken off", async () => {
  await using server = await startServer("postgres");
  const pool = new pg.Pool({ connectionString: server.url, idleTimeoutMillis: 1 });
  const both = async (change: number): Promise<void> => {
    const add = (id: number): Promise<unknown> =>
      pool.query("update account set value = value + $1 where id = $2", [change, id]);
    await Promise.all([add(1), add(2)]);
    await clock.sleep(3);
    await Promise.all([add(1), add(2)]);
  };
  await explore(pool, {
    setup: accounts,
    sessions: [() => both(1), () => both(2)],
    schedules: 40,
    timeLimitMs: 3000,
  });
  const ended = await Promise.race([pool.end().then(() => "ended"), clock.sleep(10_000).then(() => "hangs")]);
  expect(ended).toBe("ended");
});
