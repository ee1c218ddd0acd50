import { expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { accounts, accountsHold, addNaively, usualCases, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers());

test.each(cases)("no session is left out of which an invariant speaks, on $kind", async (way) => {
  await withAccess(way, async (app) => {
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [() => addNaively(app, 1), () => addNaively(app, 2), () => addNaively(app, 4)],
      isolation: "read committed",
      invariant: accountsHold(17),
      diagnose: false,
    });
    expect(result.finding?.sessions).toHaveLength(3);
    expect(result.finding?.statements).toBe(6);
  });
});

test.each(cases)("what is not to be made small is told as it was found, on $kind", async (way) => {
  await withAccess(way, async (app) => {
    const options = {
      setup: accounts,
      sessions: [() => addNaively(app, 1), () => addNaively(app, 2), () => valueTwice(2)],
      isolation: "read committed",
      invariant: accountsHold(13),
      diagnose: false,
    } as const;
    const valueTwice = async (id: number): Promise<void> => {
      await app.query("select value from account where id = $1", [id]);
      await app.query("select value from account where id = $1", [id]);
    };
    const asFound = await explore(app.database, { ...options, shrink: false });
    const small = await explore(app.database, options);
    expect(asFound.finding?.sessions).toHaveLength(3);
    expect(asFound.finding?.statements).toBe(6);
    expect(small.finding?.sessions).toHaveLength(2);
    expect(small.finding?.statements).toBe(4);
    expect(small.finding?.schedule).toBe(asFound.finding?.schedule);
  });
});
