import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { describeUsualApps } from "../support/app-test.ts";
import { accounts, accountsHold, addWithEntry, isBalanced, valueOf } from "../support/race-apps.ts";
import { clock } from "../support/databases.ts";

describeUsualApps("$name on $kind", (test) => {
  test("code that pauses goes on, and its session is still known", async (app) => {
    const slow = async (amount: number): Promise<void> => {
      const value = await valueOf(app.query, 1);
      await clock.sleep(20);
      await app.query("update account set value = $1 where id = 1", [value + amount]);
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [() => slow(1), () => slow(2)],
      invariant: accountsHold(13),
      diagnose: false,
    });
    expect(result.finding).toMatchObject({ statements: 4, switches: 2 });
  });

  test("sessions that wait for each other in the process have no race where they do", async (app) => {
    let last: Promise<unknown> = Promise.resolve();
    const alone = <T>(work: () => Promise<T>): Promise<T> => {
      const mine = last.then(work, work);
      last = mine;
      return mine;
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [() => alone(() => addWithEntry(app, 1)), () => alone(() => addWithEntry(app, 2))],
      invariant: isBalanced,
      schedules: 12,
    });
    expect(result).toMatchObject({ valid: true, notes: [] });
  });

  test("who pauses while others wait for its lock is waited for", async (app) => {
    const pay = (): Promise<void> =>
      app.transaction(async (send) => {
        const value = await valueOf(send, 1, " for update");
        await clock.sleep(400);
        await send("update account set value = $1 where id = 1", [value - 1]);
      });
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [pay, pay],
      invariant: accountsHold(8),
      schedules: 4,
    });
    const late = expect.stringMatching(/pay \(\d\) waited longer than 250 ms/) as string;
    expect(result).toMatchObject({ valid: true, notes: [late, late] });
  });

  test("what the others might do after a long pause is told not to have been tried", async (app) => {
    const slow = async (): Promise<void> => {
      await valueOf(app.query, 2);
      await clock.sleep(400);
      await app.query("update account set value = 11 where id = 1");
      await app.query("update account set value = 21 where id = 2");
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [slow, async () => (await app.query("select sum(value) as s from account")).rows],
      schedules: 12,
    });
    expect(result.complete).not.toBe(true);
    expect(result.notes.join(" ")).toMatch(
      /slow waited longer than 250 ms for something that is not the database/,
    );
  });

  test("a statement that nobody waits for is waited for", async (app) => {
    const hasty = async (): Promise<void> => {
      await valueOf(app.query, 1);
      void app.query("update account set value = value + 1 where id = 1");
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [hasty, hasty],
      invariant: accountsHold(12),
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
  });

  test("a statement that comes when the schedule is over is refused", async (app) => {
    const careless = async (): Promise<void> => {
      await valueOf(app.query, 1);
      void clock.sleep(30).then(() => app.query("update account set value = value + 1 where id = 1"));
    };
    await expect(explore(app.database, { setup: accounts, sessions: [careless, careless] })).rejects.toThrow(
      /The code of careless \([01]\) sent `update account .*` when the function had ended/,
    );
    await clock.sleep(50);
  });
});
