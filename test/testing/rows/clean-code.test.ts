import { describe, expect, test } from "vitest";

import type { IsolationLevel } from "../../../src/history/header.ts";
import { rowApps } from "../../support/row-apps.ts";
import { everySchedule, mopsOf, shownBy } from "../../support/row-races.ts";
import { items, takeIfEnough, takeOne } from "./item-rows.ts";

const levels: readonly IsolationLevel[] = ["read-committed", "repeatable-read", "serializable"];

const [onPostgres, onMariadb] = rowApps();

describe.each([
  ["postgres", onPostgres],
  ["mariadb", onMariadb],
] as const)("code without a race shows nothing in any schedule on %s", (_, app) => {
  test.each(levels)("a row that is locked before it is read, at %s", async (level) => {
    const take = (): Promise<void> => app().transaction((send) => takeOne(send, " for update"));
    const seen = await everySchedule(app(), {
      setup: items,
      level,
      sessions: [take, take, take],
      schedules: 60,
    });
    expect(shownBy(seen)).toEqual([]);
    // It is because of what was seen, and not because nothing was.
    for (const { history, leftOut } of seen) {
      expect(leftOut).toEqual([]);
      expect(mopsOf(history).length).toBeGreaterThan(1);
    }
  });

  test.each(levels)("an update that counts by itself, at %s", async (level) => {
    const take = (): Promise<unknown> =>
      app().transaction(async (send) => {
        await send("update item set stock = stock - 1 where id = $1", [1]);
        await send("update item set stock = stock + 1 where id = $1", [2]);
      });
    const seen = await everySchedule(app(), { setup: items, level, sessions: [take, take] });
    expect(shownBy(seen)).toEqual([]);
    const writes = seen.flatMap(({ history }) =>
      mopsOf(history).filter((mop) => mop.startsWith("ok take w")),
    );
    expect(writes).toContain("ok take w item/1 v2: stock 8");
  });

  test("write skew at SERIALIZABLE does not come to pass", async () => {
    const take = (id: 1 | 2) => (): Promise<void> => app().transaction((send) => takeIfEnough(send, id));
    const seen = await everySchedule(app(), {
      setup: items,
      level: "serializable",
      sessions: [take(1), take(2)],
    });
    expect(shownBy(seen)).toEqual([]);
    expect(seen.some(({ endings }) => endings.some((ending) => ending !== "returned"))).toBe(true);
  });

  test("a transaction that is rolled back has no part in it", async () => {
    const fail = (): Promise<unknown> =>
      app()
        .transaction(async (send) => {
          await takeOne(send);
          throw new Error("no");
        })
        .catch(() => undefined);
    const take = (): Promise<void> => app().transaction(takeOne);
    const seen = await everySchedule(app(), {
      setup: items,
      level: "read-committed",
      sessions: [fail, take],
    });
    expect(shownBy(seen)).toEqual([]);
    expect(seen.flatMap(({ history }) => mopsOf(history))).toContain("fail fail w item/1 v1: stock 9");
  });
});
