import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import {
  accounts,
  addWithEntry,
  holds,
  isBalanced,
  usualCases,
  valueOf,
  withAccess,
} from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";
import { clock } from "../support/databases.ts";

const cases = usualCases(raceServers());

describe.each(cases)("$name on $kind", (way) => {
  test("code that pauses goes on, and its session is still known", async () => {
    await withAccess(way, async (app) => {
      const slow = async (amount: number): Promise<void> => {
        const value = await valueOf(app.query, 1);
        await clock.sleep(20);
        await app.query("update account set value = $1 where id = 1", [value + amount]);
      };
      const result = await explore(app.database, {
        setup: accounts,
        sessions: [() => slow(1), () => slow(2)],
        invariant: async (query) => (await holds(query, 1)) === 13,
        diagnose: false,
      });
      expect(result.finding).toMatchObject({ statements: 4, switches: 2 });
    });
  });

  test("sessions that wait for each other in the process have no race where they do", async () => {
    await withAccess(way, async (app) => {
      let last: Promise<unknown> = Promise.resolve();
      const alone = <T>(work: () => Promise<T>): Promise<T> => {
        const mine = last.then(work, work);
        last = mine;
        return mine;
      };
      const result = await explore(app.database, {
        setup: accounts,
        sessions: [() => alone(() => addWithEntry(app, 1)), () => alone(() => addWithEntry(app, 2))],
        invariant: isBalanced,
        schedules: 12,
      });
      expect(result).toMatchObject({ valid: true, notes: [] });
    });
  });

  test("a statement that nobody waits for is waited for", async () => {
    await withAccess(way, async (app) => {
      const hasty = async (): Promise<void> => {
        await valueOf(app.query, 1);
        void app.query("update account set value = value + 1 where id = 1");
      };
      const result = await explore(app.database, {
        setup: accounts,
        sessions: [hasty, hasty],
        invariant: async (query) => (await holds(query, 1)) === 12,
      });
      expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
    });
  });
  test("a statement that comes when the schedule is over is refused", async () => {
    await withAccess(way, async (app) => {
      const careless = async (): Promise<void> => {
        await valueOf(app.query, 1);
        void clock.sleep(30).then(() => app.query("update account set value = value + 1 where id = 1"));
      };
      await expect(
        explore(app.database, { setup: accounts, sessions: [careless, careless] }),
      ).rejects.toThrow(/The code of careless \([01]\) sent `update account .*` when the function had ended/);
      await clock.sleep(50);
    });
  });
});
