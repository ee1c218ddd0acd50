import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { accounts, addNaively, usualCases, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers());

describe.each(cases)("$name on $kind", (way) => {
  const again =
    /It is of another race, or the code, the set-up or the server has changed since\. Leave out ISOLAB_REPLAY \(or `replay`\) to search again\.$/;

  test.each([
    [
      "no token",
      "garbage",
      /^"garbage" is no schedule of this race: .* Copy it whole from the failure of this test\. Leave out ISOLAB_REPLAY/,
    ],
    ["a token of a race of more functions", "012-0120", /^"012-0120" is no schedule of this race/],
    ["a token that is cut", "01-", /^The schedule 01- cannot be carried out any more: it has no steps\. /],
    [
      "a token of shorter functions",
      "01-00",
      /: the functions had not come to their end after its 2 steps\. /,
    ],
    [
      "a token of longer functions",
      "01-000111000",
      /: the functions had come to their end after 6 of its 9 steps\. /,
    ],
    [
      "a token of functions of other lengths",
      "01-0000",
      /: in step 4 it is the turn of add1, which has nothing to send there\. /,
    ],
  ])("%s is told", async (_, replay, sentence) => {
    await withAccess(way, async (app) => {
      const add1 = (): Promise<number> => addNaively(app, 1);
      const add2 = (): Promise<number> => addNaively(app, 2);
      const error: unknown = await explore(app.database, {
        setup: accounts,
        sessions: [add1, add2],
        replay,
      }).catch((reason: unknown) => reason);
      const { message } = error as Error;
      expect(message).toMatch(sentence);
      if (message.startsWith("The schedule")) expect(message).toMatch(again);
      expect(message).not.toMatch(/\.\.|undefined|ready and/);
    });
  });

  test("an empty one is none", async () => {
    await withAccess(way, async (app) => {
      const add = (): Promise<number> => addNaively(app, 1);
      const options = { setup: accounts, sessions: [add, add], diagnose: false } as const;
      expect(await explore(app.database, { ...options, replay: "" })).toMatchObject({ valid: false });
    });
  });
});
