import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { accounts, usualCases, valueOf, withAccess, type RaceCase } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

interface Answer {
  readonly status: number;
}

/** Adds one unless somebody was faster, and says so; the careless one has left an entry by then. */
function put(way: RaceCase, careless: boolean): ReturnType<typeof explore> {
  return withAccess(way, (app) => {
    const add = async (): Promise<Answer> => {
      const value = await valueOf(app.query, 1);
      if (careless) await app.query("insert into entry values (1)");
      const { affected } = await app.query("update account set value = $1 where id = 1 and value = $2", [
        value + 1,
        value,
      ]);
      return { status: affected === 1 ? 200 : 409 };
    };
    return explore(app.database, {
      setup: accounts,
      sessions: [add, add],
      gaveUp: ({ status }) => status === 409,
      diagnose: false,
    });
  });
}

describe.each(usualCases(servers))("$name on $kind", (way) => {
  test("who answers that it has given up, and has done nothing, is left out of the order", async () => {
    expect(await put(way, false)).toMatchObject({ valid: true, complete: true, notes: [] });
  });

  test("of who says so and has left something nothing is known", async () => {
    const result = await put(way, true);
    expect(result.valid).toBe("unknown");
    expect(result.notes.join()).toMatch(/had become permanent/);
  });

  test("where it cannot be asked of an answer, a sentence says so", async () => {
    const race = withAccess(way, (app) => {
      const add = async (): Promise<{ readonly status: number }> => {
        await app.query("update account set value = value + 1 where id = 1");
        return undefined as never;
      };
      const gaveUp = ({ status }: { readonly status: number }): boolean => status === 409;
      return explore(app.database, { setup: accounts, sessions: [add, add], gaveUp, diagnose: false });
    });
    await expect(race).rejects.toThrow(
      /^`gaveUp` threw when it was asked of the answer undefined \(TypeError: .*\): it must answer .* \(answer\) => answer\?\.status === 409\.$/,
    );
    await expect(race).rejects.toMatchObject({ name: "RaceMisuse" });
  });
});
