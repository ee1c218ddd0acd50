import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { appTest, describeUsualApps } from "../support/app-test.ts";
import { accounts, accountsHold, addWithEntry, isBalanced, valueOf } from "../support/race-apps.ts";

describeUsualApps("$name on $kind", (_test, way) => {
  appTest(way, 1)(
    "a pool of one connection makes the sessions wait, and shows what is left of the race",
    async (app) => {
      const whole = await explore(app.database, {
        setup: accounts,
        sessions: [() => addWithEntry(app, 1), () => addWithEntry(app, 2)],
        invariant: isBalanced,
      });
      const first = expect.stringMatching(
        /began by waiting for a connection .* before the others is not tried/,
      ) as string;
      expect(whole).toMatchObject({ valid: true, complete: false, notes: [first] });
      const torn = await explore(app.database, {
        setup: accounts,
        sessions: [1, 2].map((amount) => async () => {
          const value = await valueOf(app.query, 1);
          await app.query("update account set value = $1 where id = 1", [value + amount]);
        }),
        invariant: accountsHold(13),
        diagnose: false,
      });
      expect(torn.finding).toMatchObject({ statements: 4 });
    },
  );

  appTest(way, 2)(
    "a session that takes two connections at once waits for the one that another one has",
    async (app) => {
      const pool = app.database as unknown as Partial<Record<"connect" | "getConnection", Take>>;
      const take: Take = () => (pool.connect?.bind(pool) ?? pool.getConnection?.bind(pool) ?? refuse)();
      const greedy = async (): Promise<void> => {
        const both = await Promise.all([take(), take()]);
        for (const one of both) await one.query("update account set value = value + 1 where id = 1");
        for (const one of both) one.release();
      };
      const modest = (): Promise<void> =>
        app.transaction(async (send) => {
          await valueOf(send, 1);
          await send("update account set value = value + 1 where id = 1");
        });
      const result = await explore(app.database, {
        setup: accounts,
        sessions: [modest, greedy],
        invariant: accountsHold(13),
      });
      expect(result).toMatchObject({
        valid: true,
        notes: [expect.stringMatching(/greedy began by waiting/)],
      });
    },
  );
});

interface Taken {
  query(sql: string): Promise<unknown>;
  release(): void;
}

type Take = () => Promise<Taken>;

const refuse: Take = () => Promise.reject(new Error("there is no pool"));
