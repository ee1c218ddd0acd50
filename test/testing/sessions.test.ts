import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { describeUsualApps } from "../support/app-test.ts";
import { accounts, accountsHold, addWithEntry, holds, isBalanced, valueOf } from "../support/race-apps.ts";

describeUsualApps("$name on $kind", (test) => {
  test("statements that are asked for at once on one connection go in their order", async (app) => {
    const orders: string[] = [];
    const both = (): Promise<void> =>
      app.transaction(async (send) => {
        const done: string[] = [];
        await Promise.all(
          [1, 2].map(async (id) => {
            await send("update account set value = value + 1 where id = $1", [id]);
            done.push(String(id));
          }),
        );
        orders.push(done.join());
      });
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [both, both],
      invariant: accountsHold(12, 22),
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
    expect(new Set(orders)).toEqual(new Set(["1,2"]));
  });

  test("statements at once over two connections of the pool belong to their session", async (app) => {
    const both = async (amount: number): Promise<number> => {
      const [one, two] = await Promise.all([valueOf(app.query, 1), valueOf(app.query, 2)]);
      await Promise.all([
        app.query("update account set value = $1 where id = 1", [one + amount]),
        app.query("update account set value = $1 where id = 2", [two + amount]),
      ]);
      return one + two;
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [() => both(1), () => both(2)],
      invariant: async (query) => (await holds(query, 1)) + (await holds(query, 2)) === 36,
      diagnose: false,
    });
    expect(result.valid).toBe(false);
    expect(result.finding).toMatchObject({ statements: 8, sessions: ["both(1)", "both(2)"] });
    // Each column holds the statements of its own session, with its own amounts.
    const columns = columnsOf(result.finding?.interleaving ?? "");
    for (const column of columns) expect(column.match(/update account/g)).toHaveLength(2);
  });

  test("what is undone by a savepoint is undone, and what is kept is kept", async (app) => {
    const nested = (amount: number): Promise<void> =>
      app.transaction(async (send) => {
        await send("update account set value = value + $1 where id = 1", [amount]);
        await send("savepoint inner1");
        await send("update account set value = 0 where id = 2");
        await send("rollback to savepoint inner1");
        await send("savepoint inner2");
        await send("update account set value = value + $1 where id = 2", [amount]);
        await send("release savepoint inner2");
      });
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [() => nested(1), () => nested(2)],
      invariant: accountsHold(13, 23),
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
  });

  test("a session that takes and gives back connections again and again stays itself", async (app) => {
    const thrice = async (amount: number): Promise<void> => {
      for (let i = 0; i < 3; i++) await addWithEntry(app, amount);
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [() => thrice(1), () => thrice(2)],
      invariant: isBalanced,
      diagnose: false,
      shrink: false,
    });
    expect(result.valid).toBe(false);
    const [first, second] = columnsOf(result.finding?.interleaving ?? "");
    expect(first?.match(/insert into entry/g)).toHaveLength(3);
    expect(second?.match(/insert into entry/g)).toHaveLength(3);
  });
});

/** The text of each session's column. */
function columnsOf(interleaving: string): readonly string[] {
  const rows = interleaving.split("\n").map((line) => line.split(" │ "));
  return [0, 1].map((column) => rows.map((cells) => cells[column] ?? "").join("\n"));
}
