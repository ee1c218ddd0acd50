import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { describeEveryApp } from "../support/app-test.ts";
import { accounts, accountsHold, addWithEntry, isBalanced, valueOf } from "../support/race-apps.ts";

describeEveryApp("$name on $kind", (test) => {
  test("an update that is lost is found, and shrunk to two sessions", async (app) => {
    const result = await explore(app.database, {
      setup: accounts,
      isolation: "read committed",
      sessions: [() => addWithEntry(app, 1), () => addWithEntry(app, 2), () => addWithEntry(app, 3)],
      invariant: isBalanced,
      diagnose: false,
    });
    expect(result).toMatchObject({ valid: false, isolation: "read-committed" });
    expect(result.finding).toMatchObject({ kind: "invariant", name: "isBalanced" });
    expect(result.finding).toMatchObject({ statements: 6, switches: 2 });
    expect(result.finding?.sessions).toHaveLength(2);
  });

  test("outside of transactions as well", async (app) => {
    const add = async (amount: number): Promise<void> => {
      const value = await valueOf(app.query, 1);
      await app.query("update account set value = $1 where id = $2", [value + amount, 1]);
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [() => add(1), () => add(2)],
      invariant: accountsHold(13),
      diagnose: false,
    });
    expect(result.finding).toMatchObject({ statements: 4, switches: 2 });
  });

  test("what locks the row before it reads it has no race, in any schedule", async (app) => {
    const add = (amount: number): Promise<void> =>
      app.transaction(async (send) => {
        const value = await valueOf(send, 1, " for update");
        await send("update account set value = $1 where id = $2", [value + amount, 1]);
      });
    const result = await explore(app.database, {
      setup: accounts,
      isolation: "read committed",
      sessions: [() => add(1), () => add(2)],
      invariant: accountsHold(13),
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
  });
});
