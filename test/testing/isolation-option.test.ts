import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { levelNamedIn, type IsolationName } from "../../src/testing/isolation-name.ts";
import { accounts, accountsHold, usualCases, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers());

/** The level of the transaction, or of the session, at which it is asked. */
const levelOf = {
  postgres: "select current_setting('transaction_isolation') as level, (select count(*) from account) as n",
  mariadb: "select @@tx_isolation as level, (select count(*) from account) as n",
};

function tidy(level: unknown): string {
  return String(level).toLowerCase().replaceAll("-", " ");
}

test.each([
  ["begin isolation level read committed", "read-committed"],
  ["START TRANSACTION ISOLATION LEVEL\n  REPEATABLE   READ, READ ONLY", "repeatable-read"],
  ["set session characteristics as transaction isolation level serializable", "serializable"],
  ["set default_transaction_isolation = 'read uncommitted'", "read-uncommitted"],
  ["SET transaction_isolation TO 'repeatable read'", "repeatable-read"],
  ["SET SESSION tx_isolation='READ-COMMITTED'", "read-committed"],
  ["SET @@session.transaction_isolation = 'SERIALIZABLE'", "serializable"],
  ["set transaction_isolation = default", undefined],
  ["begin", undefined],
])("%s names the level %s", (sql, level) => {
  expect(levelNamedIn(sql)).toBe(level);
});

describe.each(cases)("$name on $kind", (way) => {
  test.each(["read committed", "READ COMMITTED", "read-committed", "serializable"] satisfies IsolationName[])(
    "a session has the level %s",
    async (isolation) => {
      await withAccess(way, async (app) => {
        const levels = new Set<string>();
        const look = async (): Promise<void> => {
          levels.add(tidy((await app.query(levelOf[way.kind])).rows[0]?.level));
          await app.transaction(async (send) => {
            levels.add(tidy((await send(levelOf[way.kind])).rows[0]?.level));
          });
        };
        const result = await explore(app.database, {
          setup: accounts,
          isolation,
          sessions: [look, look],
          schedules: 4,
        });
        expect(result).toMatchObject({ valid: true, isolation: isolation.toLowerCase().replace(" ", "-") });
        expect([...levels]).toEqual([tidy(isolation)]);
      });
    },
  );

  test("where nobody says a level, the one that the connections have is told", async () => {
    await withAccess(way, async (app) => {
      const add = async (): Promise<void> => {
        await app.query("update account set value = value + 1 where id = 1");
      };
      const result = await explore(app.database, { setup: accounts, sessions: [add, add] });
      const level = { postgres: "read-committed", mariadb: "repeatable-read" }[way.kind];
      expect(result).toMatchObject({ isolation: undefined, levels: { chosen: [], others: [level] } });
      expect(result.report).toContain(` at ${tidy(level).toUpperCase()} (the default) on `);
    });
  });

  test("code that chooses a level has it", async () => {
    await withAccess(way, async (app) => {
      const begins = {
        postgres: ["begin isolation level serializable"],
        mariadb: ["set transaction isolation level serializable", "start transaction"],
      }[way.kind];
      const add = async (amount: number): Promise<void> => {
        for (;;)
          try {
            await app.transaction(async (send) => {
              for (const begin of begins.slice(1)) await send(begin);
              const value = await valueOf(send, 1);
              await send("update account set value = $1 where id = 1", [value + amount]);
            }, begins[0]);
            return;
          } catch (error) {
            if (!["40001", "ER_LOCK_DEADLOCK"].includes(String((error as { code?: unknown }).code)))
              throw error;
          }
      };
      const options = {
        setup: accounts,
        isolation: "read committed",
        sessions: [() => add(1), () => add(2)],
        invariant: accountsHold(13),
        diagnose: false,
      } as const;
      const own = await explore(app.database, options);
      expect(own).toMatchObject({
        valid: true,
        notes: [],
        levels: { chosen: ["serializable"], others: ["read-committed"] },
      });
      expect(own.report).toMatch(/ at SERIALIZABLE where the code chooses it, else READ COMMITTED, on /);
      begins.splice(0, begins.length, "begin");
      expect(await explore(app.database, options)).toMatchObject({ valid: false });
    });
  });
});
