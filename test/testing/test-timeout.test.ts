import { afterEach, describe, expect, test, vi } from "vitest";

import { race } from "../../src/testing/vitest/race.ts";
import { bites, weaken } from "../../src/testing/vitest/weaken.ts";
import type { Access } from "../support/access.ts";
import { clock } from "../support/databases.ts";
import { accounts, usualCases, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers("postgres"));

/** Adds one with the row locked, and takes its time. */
function add(app: Access, ms: number): () => Promise<number> {
  return () =>
    app.transaction(async (send) => {
      const value = await valueOf(send, 1, " for update");
      await clock.sleep(ms);
      await send("update account set value = $1 where id = 1", [value + 1]);
      return value;
    });
}

function slow(app: Access, ms: number): { setup: string; sessions: (() => Promise<number>)[] } {
  return { setup: accounts, sessions: [add(app, ms), add(app, ms)] };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(cases)("in a test with a timeout of its own, $name on $kind", (way) => {
  test("what bites had no time for is no fault of the test's, and is said", { timeout: 4000 }, async () => {
    await withAccess(way, async (app) => {
      // All that it has the time for is the four serial orders and one schedule.
      await expect(bites(app.database, slow(app, 200))).rejects.toMatchObject({
        name: "RaceMisuse",
        message: expect.stringMatching(
          /^There was no time .*allow the test more time[\s\S]*not tried.*: locks taken away[\s\S]*not tried: row counts ignored\n {2}not tried: lower isolation level$/,
        ) as string,
        stack: expect.stringContaining("test-timeout.test.ts") as string,
      });
    });
  });

  test("weaken answers what there was no time for", { timeout: 4000 }, async () => {
    await withAccess(way, async (app) => {
      const weakenings = await weaken(app.database, slow(app, 200));
      expect(weakenings.map(({ name, noticed, timedOut }) => ({ name, noticed, timedOut }))).toEqual(
        ["locks taken away", "row counts ignored", "lower isolation level"].map((name) => ({
          name,
          noticed: false,
          timedOut: true,
        })),
      );
    });
  });

  test("who does not come to an end is named, and what it had sent", { timeout: 3000 }, async () => {
    await withAccess(way, async (app) => {
      const never = (): Promise<never> => new Promise(() => undefined);
      await expect(race(app.database, { setup: accounts, sessions: [add(app, 0), never] })).rejects.toThrow(
        "The time limit came before the functions had run once: never was under way, and had sent no statement. If it waits for what never comes, mend that; else allow more time (the test's timeout, or `timeLimitMs`).",
      );
    });
  });

  test("so is who does not in the first schedule of all", { timeout: 3000 }, async () => {
    await withAccess(way, async (app) => {
      const never = async (): Promise<never> => {
        await app.query("select 1 from account");
        await app.query("select 2 from account");
        return new Promise(() => undefined);
      };
      const options = { setup: accounts, sessions: [add(app, 0), never], serializable: false };
      await expect(race(app.database, { ...options, invariant: () => true })).rejects.toThrow(
        "No schedule was executed, since there was no time: never was under way, and had sent 2 statements, the last of them `select 2 from account`. If it waits",
      );
    });
  });

  test("a race that waits for another one too long says so", { timeout: 4000 }, async () => {
    await withAccess(way, async (app) => {
      const never = { setup: accounts, sessions: [add(app, 0), () => new Promise<never>(() => undefined)] };
      const [first, second] = await Promise.allSettled([
        race(app.database, { ...never, timeLimitMs: 3000 }),
        race(app.database, slow(app, 0)),
      ]);
      expect(first).toMatchObject({ reason: { name: "RaceMisuse" } });
      expect(second).toMatchObject({
        reason: {
          name: "RaceMisuse",
          message: expect.stringMatching(/^Another race of this process was still going on/) as string,
        },
      });
    });
  });

  test("a race that is green for lack of time says so once", { timeout: 4000 }, async () => {
    await withAccess(way, async (app) => {
      const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
      const { schedules } = await race(app.database, slow(app, 100));
      expect(schedules).toBeLessThan(30);
      expect(warn.mock.calls).toEqual([
        [
          `isolab: no race found in ${schedules} schedules, and there was no time for more: allow the test more time (its timeout), or say that so many are enough (\`schedules: ${schedules}\`).`,
        ],
      ]);
    });
  });

  test("one that was asked for no more says nothing, nor does one that has tried all", async () => {
    await withAccess(way, async (app) => {
      const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
      await race(app.database, { ...slow(app, 100), schedules: 2, timeLimitMs: 3000 });
      await race(app.database, slow(app, 0));
      expect(warn).not.toHaveBeenCalled();
    });
  });

  test("the next race has its turn after that", async () => {
    await withAccess(way, async (app) => {
      await expect(race(app.database, slow(app, 0))).resolves.toMatchObject({ valid: true, complete: true });
      await expect(bites(app.database, slow(app, 0))).resolves.toMatchObject([
        { name: "locks taken away", noticed: true, timedOut: false },
      ]);
    });
  });
});
