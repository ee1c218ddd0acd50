import { describe, expect, test } from "vitest";

import type { IsolationLevel } from "../../../src/history/header.ts";
import { everySchedule, mopsOf, rowApps, shownBy, type Send } from "../../support/row-races.ts";

const items = `
  create table if not exists item (id int primary key, stock int not null);
  delete from item;
  insert into item values (1, 10), (2, 20)`;

async function stockOf(send: Send, id: number, suffix = ""): Promise<number> {
  const [row] = await send(`select stock from item where id = $1${suffix}`, [id]);
  return Number(row?.stock);
}

function set(send: Send, id: number, stock: number): Promise<unknown> {
  return send("update item set stock = $1 where id = $2", [stock, id]);
}

const levels: readonly IsolationLevel[] = ["read-committed", "repeatable-read", "serializable"];

const [onPostgres, onMariadb] = rowApps();

describe.each([
  ["postgres", onPostgres],
  ["mariadb", onMariadb],
] as const)("code without a race shows nothing in any schedule on %s", (_, app) => {
  test.each(levels)("a row that is locked before it is read, at %s", async (level) => {
    const take = (): Promise<unknown> =>
      app().transaction(async (send) => {
        await set(send, 1, (await stockOf(send, 1, " for update")) - 1);
      });
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
    const give = (id: number) => (): Promise<unknown> =>
      app().transaction(async (send) => {
        const [one, two] = [await stockOf(send, 1), await stockOf(send, 2)];
        if (one + two >= 30) await set(send, id, (id === 1 ? one : two) - 5);
      });
    const seen = await everySchedule(app(), {
      setup: items,
      level: "serializable",
      sessions: [give(1), give(2)],
    });
    expect(shownBy(seen)).toEqual([]);
    expect(seen.some(({ endings }) => endings.some((ending) => ending !== "returned"))).toBe(true);
  });

  test("a transaction that is rolled back has no part in it", async () => {
    const fail = (): Promise<unknown> =>
      app()
        .transaction(async (send) => {
          await set(send, 1, (await stockOf(send, 1)) - 1);
          throw new Error("no");
        })
        .catch(() => undefined);
    const take = (): Promise<unknown> =>
      app().transaction(async (send) => {
        await set(send, 1, (await stockOf(send, 1)) - 1);
      });
    const seen = await everySchedule(app(), {
      setup: items,
      level: "read-committed",
      sessions: [fail, take],
    });
    expect(shownBy(seen)).toEqual([]);
    expect(seen.flatMap(({ history }) => mopsOf(history))).toContain("fail fail w item/1 v1: stock 9");
  });
});
