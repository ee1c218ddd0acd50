import { expect } from "vitest";

import { realClock } from "../../src/clock/real-clock.ts";
import { explore } from "../../src/testing/explore-race.ts";
import { describeUsualApps } from "../support/app-test.ts";
import { accounts, accountsHold, addNaively, valueOf } from "../support/race-apps.ts";

const clock = realClock();

describeUsualApps("$name on $kind", (test) => {
  test("code that asks until another session has changed something comes to its end", async (app) => {
    const waits = async (): Promise<void> => {
      while ((await valueOf(app.query, 1)) !== 11) await clock.sleep(2);
      await app.query("update account set value = 5 where id = 2");
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [waits, () => addNaively(app, 1)],
      // Alone it would ask for ever.
      serializable: false,
      invariant: accountsHold(11, 5),
    });
    expect(result.valid).toBe(true);
  });

  test("code that waits for what never comes is broken off by the time limit, and the next race is held", async (app) => {
    const waits = async (): Promise<void> => {
      while ((await valueOf(app.query, 1)) !== 99) await clock.sleep(2);
    };
    const add = (): Promise<number> => addNaively(app, 1);
    const began = clock.nanos();
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [waits, add],
      serializable: false,
      invariant: () => true,
      timeLimitMs: 500,
    });
    expect(result).toMatchObject({ valid: "unknown", timedOut: true });
    // Far from what is allowed to a schedule that nobody breaks off.
    expect((clock.nanos() - began) / 1e9).toBeLessThan(30);
    const next = await explore(app.database, { setup: accounts, sessions: [add, add] });
    expect(next.valid).toBe(false);
  });

  test("rows are shown as the database has answered them, whatever the code does with its own", async (app) => {
    const add = async (): Promise<void> => {
      const { rows } = await app.query("select * from account where id = 1");
      const row = rows[0] as { value: number };
      row.value += 7;
      await app.query("update account set value = $1 where id = 1", [row.value]);
    };
    const { finding } = await explore(app.database, { setup: accounts, sessions: [add, add] });
    expect(finding?.interleaving).toMatch(/│? *1 +10/);
    expect(finding?.interleaving).not.toMatch(/│? *1 +17 *(?:│|$)/m);
  });
});

describeUsualApps("a loop, by $name on $kind", (test) => {
  test("of the same statement with other values is raced like any code", async (app) => {
    const lookUp = async (): Promise<void> => {
      for (let id = 1; id <= 8; id++) await app.query("select value from account where id = $1", [id]);
      const value = await valueOf(app.query, 1);
      await app.query("update account set value = $1 where id = 1", [value + 1]);
    };
    const { valid } = await explore(app.database, {
      setup: accounts,
      sessions: [lookUp, lookUp],
      diagnose: false,
    });
    expect(valid).toBe(false);
  });

  test("of the same write is no question, and leaves nothing open", async (app) => {
    const enters = async (): Promise<void> => {
      for (let i = 0; i < 7; i++) await app.query("insert into entry values (1)");
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [enters, () => valueOf(app.query, 1)],
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
  });

  test("of the same question that gets the same answer leaves open whether these are all schedules", async (app) => {
    const asks = async (): Promise<void> => {
      for (let i = 0; i < 8; i++) await valueOf(app.query, 2);
    };
    const result = await explore(app.database, {
      setup: accounts,
      sessions: [asks, () => addNaively(app, 1)],
    });
    expect(result).toMatchObject({ valid: true, complete: false });
    expect(result.notes).toEqual([
      expect.stringMatching(/^asks sent one statement more than 5 times in a row/),
    ]);
  });
});
