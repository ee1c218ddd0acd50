import { describe, expect, test } from "vitest";

import { stream } from "../../src/random/rng.ts";
import { explore } from "../../src/testing/explore-race.ts";
import type { SessionFunction } from "../../src/testing/race-options.ts";
import type { Access } from "../support/access.ts";
import { accounts, addNaively, holds, usualCases, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers());

/** Adds under a lock: no race in any schedule. */
function addSafely(app: Access, amount: number): Promise<number> {
  return app.transaction(async (send) => {
    const value = await valueOf(send, 1, " for update");
    await send("update account set value = $1 where id = 1", [value + amount]);
    return value + amount;
  });
}

describe.each(cases)("$name on $kind", (way) => {
  test("a mix that draws from anything but what it is given is unknown before any schedule", async () => {
    await withAccess(way, async (app) => {
      // As `Math.random` is: other numbers each time, whatever the mix is given.
      const elsewhere = stream("elsewhere", "lots");
      const add = (amount: number): SessionFunction => {
        const adds = (): Promise<number> => addSafely(app, amount);
        return adds;
      };
      const result = await explore(app.database, {
        setup: accounts,
        sessions: () => [add(elsewhere.int(1_000_000)), add(elsewhere.int(1_000_000))],
      });
      expect(result).toMatchObject({ valid: "unknown", schedules: 0, finding: undefined });
      expect(result.notes).toHaveLength(1);
      expect(result.notes[0]).toMatch(
        /^The mix of functions is not the same each time it is drawn: `sessions` drew adds \([01]\) twice, and the two send other/,
      );
    });
  });

  test("a mix of another number of functions each time is told so", async () => {
    await withAccess(way, async (app) => {
      let times = 2;
      const result = await explore(app.database, {
        setup: accounts,
        sessions: () => Array.from({ length: times++ }, (_, i) => () => addSafely(app, i)),
      });
      expect(result.valid).toBe("unknown");
      expect(result.notes.join()).toMatch(/`sessions` drew 2 functions once and 3 another time/);
    });
  });

  test("a mix that draws from what it is given is judged, and is drawn alike each time", async () => {
    await withAccess(way, async (app) => {
      const clean = await explore(app.database, {
        setup: accounts,
        sessions: (draw) => [1, 2].map(() => draw.int(9)).map((amount) => () => addSafely(app, amount)),
        schedules: 60,
      });
      expect(clean).toMatchObject({ valid: true, notes: [] });
      const racy = await explore(app.database, {
        setup: accounts,
        sessions: (draw) => [1, 2].map(() => 1 + draw.int(9)).map((amount) => () => addNaively(app, amount)),
        diagnose: false,
      });
      expect(racy.finding?.kind).toBe("not-serializable");
    });
  });

  test("a mix whose functions draw while they run is refused, whatever they make of that", async () => {
    await withAccess(way, async (app) => {
      const late = /^A function drew while it ran, .*: draw before the functions run, as in/;
      const race = (hidden: boolean): Promise<unknown> =>
        explore(app.database, {
          setup: accounts,
          sessions: (draw) => {
            const add = async (): Promise<void> => {
              await valueOf(app.query, 2);
              let amount = 1;
              try {
                amount = draw.int(1_000);
              } catch (error) {
                if (!hidden) throw error;
              }
              await addSafely(app, amount);
            };
            return [add, add];
          },
        });
      const refused = { name: "RaceMisuse", message: expect.stringMatching(late) as string };
      await expect(race(false)).rejects.toMatchObject(refused);
      await expect(race(true)).rejects.toMatchObject(refused);
    });
  });

  test("a function that seldom does something else is unknown, and is named", async () => {
    await withAccess(way, async (app) => {
      // Rare enough for all serial orders to come out alike.
      let calls = 0;
      const seldom = async (): Promise<void> => {
        const id = ++calls === 40 ? 2 : 1;
        await app.query("update account set value = value + 1 where id = $1", [id]);
      };
      const result = await explore(app.database, {
        setup: accounts,
        sessions: [seldom, () => addSafely(app, 3)],
        strategy: "random",
      });
      expect(result).toMatchObject({ valid: "unknown", finding: undefined });
      expect(result.notes.join()).toMatch(/^The functions are not repeatable: .*seldom/);
      expect(calls).toBeGreaterThan(39);
    });
  });

  test("functions whose serial orders differ each time are unknown, though every schedule is like one of them", async () => {
    await withAccess(way, async (app) => {
      let calls = 0;
      const either = async (): Promise<void> => {
        await app.query("update account set value = value + 1 where id = $1", [++calls % 3 === 0 ? 2 : 1]);
      };
      const result = await explore(app.database, {
        setup: accounts,
        sessions: [either, either],
        schedules: 10,
      });
      expect(result).toMatchObject({ valid: "unknown", finding: undefined });
      expect(result.notes.join()).toMatch(/^The functions are not repeatable: /);
    });
  });

  test("a function that sends other statements in the same order is named when nothing fits", async () => {
    await withAccess(way, async (app) => {
      let calls = 0;
      const fickle = async (): Promise<void> => {
        const value = await valueOf(app.query, 1);
        if (++calls % 3 === 0) await app.query("select count(*) from entry");
        await app.query("update account set value = $1 where id = 1", [value + 1]);
      };
      const result = await explore(app.database, { setup: accounts, sessions: [fickle, fickle] });
      expect(result.valid).toBe("unknown");
      expect(result.notes.join()).toMatch(
        /not repeatable: .*fickle.* sent `\S+ .* once and `\S+ .* another time, in the same serial order/,
      );
    });
  });

  test("an invariant that such functions break is broken", async () => {
    await withAccess(way, async (app) => {
      let calls = 0;
      const seldom = async (): Promise<void> => {
        await app.query("update account set value = value + $1 where id = 1", [++calls >= 40 ? 2 : 1]);
      };
      const result = await explore(app.database, {
        setup: accounts,
        sessions: [seldom, seldom],
        invariant: { "two more": async (query) => (await holds(query, 1)) === 12 },
        strategy: "random",
      });
      expect(result.finding).toMatchObject({ kind: "invariant", name: "two more" });
    });
  });
});
