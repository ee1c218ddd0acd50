import { afterEach, describe, expect, test, vi } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceOptions } from "../../src/testing/race-options.ts";
import type { RaceResult } from "../../src/testing/race-result.ts";
import type { Access } from "../support/access.ts";
import {
  accounts,
  addWithEntry,
  everyCase,
  isBalanced,
  usualCases,
  withAccess,
} from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

afterEach(() => {
  vi.unstubAllEnvs();
});

/** How often the same race is held. */
const times = Number(process.env.ISOLAB_TEST_REPEATS ?? "20");

/** Without serial orders a race takes a third of the time, and finds the same. */
const serializable = process.env.ISOLAB_TEST_REPEATS !== undefined;

function raceOf(app: Access): RaceOptions {
  return {
    setup: accounts,
    isolation: "read committed",
    seed: "same",
    sessions: [1, 2, 3].map((amount) => () => addWithEntry(app, amount)),
    invariant: isBalanced,
    serializable,
    diagnose: false,
  };
}

/** All of a result that must be the same again. */
function essence({ finding, schedules, distinct, complete, report }: RaceResult): string {
  return JSON.stringify({ finding, schedules, distinct, complete, report }, undefined, 1);
}

const ways = process.env.ISOLAB_TEST_REPEATS === undefined ? usualCases(servers) : everyCase(servers);

describe.each(ways)("$name on $kind", (way) => {
  test("the same seed gives the same result, time after time", async () => {
    await withAccess(way, async (app) => {
      const results = new Set<string>();
      for (let i = 0; i < times; i++) results.add(essence(await explore(app.database, raceOf(app))));
      expect(results.size, [...results].join("\n")).toBe(1);
      expect([...results][0]).toContain('"statements": 6');
    });
  }, 900_000);
});

describe.each(usualCases(servers))("$name on $kind", (way) => {
  test("other seeds begin elsewhere", async () => {
    await withAccess(way, async (app) => {
      const found = new Set<string>();
      for (const seed of ["1", "2", "3", "4", "5", "6"]) {
        const { finding } = await explore(app.database, { ...raceOf(app), seed, shrink: false });
        found.add(`${finding?.schedule}: ${finding?.replay}`);
      }
      expect(found.size).toBeGreaterThan(1);
    });
  });

  test.each([
    ["not set", undefined, "1"],
    ["empty", "", "1"],
    ["seven", "7", "7"],
  ])("the environment's seed, %s", async (_, seed, is) => {
    vi.stubEnv("ISOLAB_SEED", seed);
    const { seed: taken } = await withAccess(way, (app) =>
      explore(app.database, { sessions: [() => app.query("select 1"), () => app.query("select 1")] }),
    );
    expect(taken).toBe(is);
  });

  test("what was found is found again by its token, given or in the environment", async () => {
    await withAccess(way, async (app) => {
      const options = raceOf(app);
      const { finding } = await explore(app.database, options);
      if (finding === undefined) throw new Error("nothing was found");
      const again = await explore(app.database, { ...options, replay: finding.replay });
      expect(again).toMatchObject({ valid: false, schedules: 1 });
      expect(again.finding).toEqual({ ...finding, schedule: 0, diagnosis: undefined });
      process.env.ISOLAB_REPLAY = finding.replay;
      try {
        const byEnvironment = await explore(app.database, options);
        expect(byEnvironment.finding).toEqual(again.finding);
      } finally {
        delete process.env.ISOLAB_REPLAY;
      }
      const serial = finding.replay.replace(/-.*/, "-000011110000");
      await expect(explore(app.database, { ...options, replay: "zz-01" })).rejects.toThrow(
        /^"zz-01" is no schedule of this race: it looks like 01-0011/,
      );
      await expect(explore(app.database, { ...options, replay: serial })).rejects.toThrow(
        /^The schedule \S+ cannot be carried out any more: the functions had come to their end after 8 of its 12/,
      );
    });
  });
});
