import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { accounts, usualCases, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers());

describe.each(cases)("$name on $kind", (way) => {
  test("a race that is broken off in the midst, wherever that is, has found nothing false", async () => {
    await withAccess(way, async (app) => {
      const add = (amount: number): Promise<number> =>
        app.transaction(async (send) => {
          const value = await valueOf(send, 1, " for update");
          await send("update account set value = $1 where id = 1", [value + amount]);
          return value + amount;
        });
      let executed = 0;
      for (let i = 0; i < 12; i++) {
        const result = await explore(app.database, {
          setup: accounts,
          sessions: (draw) => [1, 2].map(() => draw.int(9)).map((amount) => () => add(amount)),
          schedules: 10_000,
          timeLimitMs: 250 + 41 * i,
        }).catch((error: unknown) => {
          expect((error as Error).message).toMatch(/^The time limit came before the functions had run once/);
          return undefined;
        });
        if (result === undefined) continue;
        executed += result.schedules;
        if (result.schedules > 0) expect(result).toMatchObject({ valid: true, notes: [] });
        else
          expect(result.notes.join("\n")).toMatch(
            /^No schedule was executed, since there was no time: .+\.$/,
          );
      }
      expect(executed).toBeGreaterThan(0);
    });
  });
});
