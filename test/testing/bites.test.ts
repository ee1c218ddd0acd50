import pg from "pg";
import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { bites, weaken } from "../../src/testing/weaken.ts";
import { accounts, usualCases, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

describe.each(usualCases(servers))("$name on $kind", (way) => {
  test("an update that touches no row is told to have touched one, and that is noticed", async () => {
    await withAccess(way, async (app) => {
      const add = async (): Promise<void> => {
        const value = await valueOf(app.query, 1);
        const { affected } = await app.query("update account set value = $1 where id = 1 and value = $2", [
          value + 1,
          value,
        ]);
        if (affected === 0) throw new Error("somebody was faster");
        await app.query("insert into entry values (1)");
      };
      await expect(
        bites(app.database, {
          setup: accounts,
          sessions: [add, add],
          serializable: false,
          invariant: async (query) => {
            const { rows } = await query("select count(*) as n from entry");
            return (
              (await query("select 1 from account where id = 1 and value = 10 + $1", [Number(rows[0]?.n)]))
                .rows.length === 1
            );
          },
        }),
      ).resolves.toMatchObject([{ name: "row counts ignored", noticed: true, timedOut: false }]);
    });
  });
});

describe.each(usualCases(servers))("$name on $kind", (way) => {
  test("what there is nothing of is not searched once more", async () => {
    await withAccess(way, async (app) => {
      let runs = 0;
      const add = (): Promise<number> =>
        app.transaction(async (send) => {
          runs++;
          const value = await valueOf(send, 1);
          await send("update account set value = value + 1 where id = 1");
          return value === 0 ? 0 : 1;
        });
      const options = { setup: accounts, sessions: [add, add] };
      const { schedules } = await explore(app.database, options);
      const once = runs;
      expect(await weaken(app.database, options)).toEqual([]);
      expect(schedules).toBeGreaterThan(5);
      expect(runs - once).toBe(once);
    });
  });

  test("a level that the code chooses is taken away, after what it has nothing of", async () => {
    await withAccess(way, async (app) => {
      const put = (): Promise<void> =>
        app.transaction(async (send) => {
          const value = await valueOf(send, 1);
          await send("update account set value = $1 where id = 1", [value + 1]);
        });
      const weakenings = await weaken(app.database, {
        setup: accounts,
        sessions: [put, put],
        isolation: "serializable",
      });
      expect(weakenings).toMatchObject([{ name: "lower isolation level", noticed: true }]);
    });
  });
});

test("nothing false is told of an update that answers rows: the code reads them", async () => {
  const pool = new pg.Pool({ connectionString: servers[0]!.url });
  // A connection that idles while its server stops.
  pool.on("error", () => undefined);
  const wrong: unknown[] = [];
  const take = async (): Promise<number> => {
    const client = await pool.connect();
    try {
      await client.query("begin");
      const { rows, rowCount } = await client.query<{ value: number }>(
        "update account set value = value - 10 where id = 1 and value >= 10 returning value",
      );
      if (rowCount !== rows.length) wrong.push(rowCount);
      if (rowCount === 0) throw new Error("not enough");
      await client.query("insert into entry values (1)");
      await client.query("commit");
      return rows[0]!.value;
    } catch (error) {
      await client.query("rollback");
      throw error;
    } finally {
      client.release();
    }
  };
  const options = { setup: accounts, sessions: [take, take] };
  expect(await weaken(pool, options)).toEqual([]);
  expect(wrong).toEqual([]);
  await expect(bites(pool, options)).rejects.toMatchObject({
    name: "ToothlessError",
    message: expect.stringMatching(/^Nothing could be weakened: .*RETURNING/) as string,
  });
  await pool.end();
});
