import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { accounts, usualCases, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers());

describe.each(cases.filter(({ kind }) => kind === "postgres"))("$name on $kind", (way) => {
  test("who waits for a safe snapshot waits, and goes on when the others have ended", async () => {
    await withAccess(way, async (app) => {
      const began = performance.now();
      const report = (): Promise<number> =>
        app.transaction(
          (send) => valueOf(send, 1),
          "begin isolation level serializable read only deferrable",
        );
      const add = (): Promise<void> =>
        app.transaction(async (send) => {
          await send("update account set value = value + 1 where id = 1");
          await send("select 2 as two from account");
        }, "begin isolation level serializable");
      const result = await explore(app.database, { setup: accounts, sessions: [report, add] });
      expect(result).toMatchObject({ valid: true, notes: [] });
      expect(result.schedules).toBeGreaterThan(2);
      expect(performance.now() - began).toBeLessThan(30_000);
    });
  });
});

describe.each(cases)("a statement that takes longer than there is time, $name on $kind", (way) => {
  test("is broken off, and nothing is said of it", async () => {
    await withAccess(way, async (app) => {
      const began = performance.now();
      let calls = 0;
      const sleeps = (): Promise<unknown> => {
        const seconds = ++calls > 6 ? 50 : 0;
        return app.query(`select ${way.kind === "postgres" ? "pg_sleep" : "sleep"}(${seconds})`);
      };
      const result = await explore(app.database, {
        setup: accounts,
        sessions: [sleeps, sleeps],
        serializable: false,
        invariant: () => true,
        timeLimitMs: 4000,
      });
      expect(result.valid).not.toBe(false);
      expect(result.complete).not.toBe(true);
      expect(performance.now() - began).toBeLessThan(15_000);
    });
  });
});
