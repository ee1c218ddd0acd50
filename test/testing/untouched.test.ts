import mysql from "mysql2/promise";
import mysqlCallbacks from "mysql2";
import pg from "pg";
import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { accounts, addNaively, holds, usualCases, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers());

/** Every method of the drivers' classes, by its path. */
function methods(): ReadonlyMap<string, unknown> {
  const pool = mysqlCallbacks.createPool({});
  const promisePool = mysql.createPool({});
  const roots: Readonly<Record<string, unknown>> = {
    "pg.Client": pg.Client.prototype,
    "pg.Pool": pg.Pool.prototype,
    "mysql2.Connection": (mysqlCallbacks as unknown as { Connection: { prototype: object } }).Connection
      .prototype,
    "mysql2.Pool": Object.getPrototypeOf(pool),
    "mysql2/promise.Pool": Object.getPrototypeOf(promisePool),
  };
  const found = new Map<string, unknown>();
  for (const [name, root] of Object.entries(roots))
    for (let at = root as object, depth = 0; at !== Object.prototype; depth++) {
      for (const [method, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at)))
        found.set(`${name}${"^".repeat(depth)}.${method}`, descriptor.value ?? descriptor.get);
      at = Object.getPrototypeOf(at) as object;
    }
  return found;
}

/** What a race could have changed of a connection. */
const settings = {
  postgres: `select name, setting as value from pg_settings where source = 'session'
     union all select 'isolation', current_setting('default_transaction_isolation')
     union all select 'lock_timeout', current_setting('lock_timeout') order by 1`,
  mariadb:
    "show session variables where variable_name not in ('timestamp', 'rand_seed1', 'rand_seed2', 'last_insert_id', 'pseudo_thread_id', 'gtid_seq_no', 'last_gtid', 'warning_count', 'error_count')",
};

test("the drivers' classes are looked at", () => {
  const names = [...methods().keys()];
  expect(names).toEqual(
    expect.arrayContaining(["pg.Client.query", "pg.Pool^.connect", "mysql2.Connection^.addCommand"]),
  );
});

describe.each(cases)("$name on $kind", (way) => {
  test("a race leaves the drivers' classes as they were, also when it fails", async () => {
    const before = methods();
    await withAccess(way, async (app) => {
      let during: ReadonlyMap<string, unknown> = before;
      const sessions = [() => addNaively(app, 1), () => addNaively(app, 2)];
      await explore(app.database, {
        setup: accounts,
        sessions,
        invariant: () => {
          during = methods();
        },
      });
      const touched = [...during].filter(([name, method]) => before.get(name) !== method);
      expect(touched.length).toBeGreaterThan(0);
      expect(methods()).toEqual(before);
      await expect(
        explore(app.database, {
          setup: () => {
            throw new Error("no set-up");
          },
          sessions,
        }),
      ).rejects.toThrow("no set-up");
      const after = methods();
      for (const [name, method] of before) expect(after.get(name), name).toBe(method);
      expect(after.size).toBe(before.size);
    });
  });

  test("the pool's connections have the settings that they had", async () => {
    await withAccess(
      way,
      async (app) => {
        const own = {
          postgres: "set lock_timeout = '7s'",
          mariadb: "set session innodb_lock_wait_timeout = 7",
        };
        await app.query(own[way.kind]);
        const before = (await app.query(settings[way.kind])).rows;
        expect(JSON.stringify(before)).toContain("7");
        let during = before;
        await explore(app.database, {
          setup: accounts,
          isolation: "serializable",
          sessions: [
            () => addNaively(app, 1),
            async () => {
              during = (await app.query(settings[way.kind])).rows;
            },
          ],
          schedules: 5,
        });
        expect(during).not.toEqual(before);
        const after = (await app.query(settings[way.kind])).rows;
        const reset = after.filter(({ value }, i) => value !== before[i]?.value);
        expect(named(after)).toEqual(expect.objectContaining(named(before)));
        expect(reset.length).toBe(after.length - before.length === 0 ? 0 : reset.length);
      },
      1,
    );
  });

  test("what is not a session's goes through at once: set-up, invariants, and others in the process", async () => {
    await withAccess(way, async (app) => {
      let going = true;
      let asked = 0;
      const other = async (): Promise<void> => {
        while (going) {
          await valueOf(app.query, 2);
          asked++;
        }
      };
      await app.query("create table if not exists account (id int primary key, value int not null)");
      const beside = other();
      const result = await explore(app.database, {
        setup: async () => {
          await app.query("delete from account");
          await app.query("insert into account values (1, 10), (2, 20)");
        },
        sessions: [() => addNaively(app, 1), () => addNaively(app, 2)],
        invariant: async () => (await valueOf(app.query, 1)) === 13,
        diagnose: false,
      });
      going = false;
      await beside;
      expect(result.finding).toMatchObject({ statements: 4, switches: 2 });
      expect(asked).toBeGreaterThan(10);
    });
  });

  test("two races at once are held one after another", async () => {
    await withAccess(way, async (app) => {
      let open = 0;
      let most = 0;
      const one = (amount: number): ReturnType<typeof explore> =>
        explore(app.database, {
          setup: async (query) => {
            most = Math.max(most, ++open);
            await query("delete from account");
            await query("insert into account values (1, 10), (2, 20)");
          },
          sessions: [() => addNaively(app, amount), () => addNaively(app, amount)],
          invariant: async (query) => {
            open--;
            return (await holds(query, 1)) === 10 + 2 * amount;
          },
          diagnose: false,
        });
      const results = await Promise.all([one(1), one(100)]);
      for (const { finding } of results) expect(finding).toMatchObject({ statements: 4, switches: 2 });
      expect(most).toBe(1);
    });
  });
});

function named(rows: readonly Readonly<Record<string, unknown>>[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    rows.map(({ name, Variable_name, value, Value }) => [String(name ?? Variable_name), value ?? Value]),
  );
}
