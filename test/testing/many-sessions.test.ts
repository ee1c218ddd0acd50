import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { accounts, addWithEntry, holds, isBalanced, usualCases, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers());

describe.each(cases)("$name on $kind", (way) => {
  test("six sessions are judged by their invariant, and the answer says that it is by that alone", async () => {
    await withAccess(
      way,
      async (app) => {
        const add = async (): Promise<void> => {
          await app.query("update account set value = value + 1 where id = 1");
        };
        const result = await explore(app.database, {
          setup: accounts,
          sessions: Array.from({ length: 6 }, () => add),
          invariant: async (query) => (await holds(query, 1)) === 16,
          schedules: 20,
        });
        expect(result).toMatchObject({ valid: true, schedules: 20 });
        expect(result.notes).toEqual([expect.stringMatching(/^6 sessions have too many serial orders/)]);
        expect(result.report).toMatch(/^No race found in 20 schedules .*\n\n6 sessions have/);
      },
      6,
    );
  });

  test("what six sessions break is found, and shrunk to two", async () => {
    await withAccess(way, async (app) => {
      const result = await explore(app.database, {
        setup: accounts,
        isolation: "read committed",
        sessions: [1, 2, 3, 4, 5, 6].map((amount) => () => addWithEntry(app, amount)),
        invariant: isBalanced,
        diagnose: false,
      });
      expect(result).toMatchObject({ valid: false, notes: [], finding: { statements: 6 } });
      expect(result.finding?.sessions).toHaveLength(2);
    });
  });
});
