import { describe, expect, test } from "vitest";

import { rowApps, type RowApp } from "../../support/row-apps.ts";
import { everySchedule, shownBy } from "../../support/row-races.ts";
import { items, setStock, stockOf, takeIfEnough, takeOne } from "./item-rows.ts";

const [onPostgres, onMariadb] = rowApps();

describe.each([
  ["postgres", onPostgres],
  ["mariadb", onMariadb],
] as const)("on %s", (_, app) => {
  test("a lost update is one, though both write the same value", async () => {
    const take = (): Promise<void> => app().transaction(takeOne);
    const seen = await everySchedule(app(), {
      setup: items,
      level: "read-committed",
      sessions: [take, take],
    });
    expect(shownBy(seen)).toEqual(["G-single-item", "lost-update"]);
    // Whoever is through before the other begins loses nothing.
    for (const { moves, anomalies } of seen)
      expect(anomalies.includes("lost-update")).toBe(!["000111", "111000"].includes(moves.join("")));
  });

  test("of statements that are transactions by themselves, none loses an update", async () => {
    const alone = (): Promise<void> => takeOne(app().alone);
    const seen = await everySchedule(app(), { setup: items, sessions: [alone, alone] });
    expect(seen.length).toBeGreaterThan(2);
    expect(shownBy(seen)).toEqual([]);
  });

  test("write skew is one, on two rows", async () => {
    const take = (id: 1 | 2) => (): Promise<void> => app().transaction((send) => takeIfEnough(send, id));
    const seen = await everySchedule(app(), {
      setup: items,
      level: "repeatable-read",
      sessions: [take(1), take(2)],
    });
    expect(shownBy(seen)).toEqual(["G2-item", "write-skew"]);
  });

  test("read skew is one: half of what another transaction wrote", async () => {
    const move = (): Promise<unknown> =>
      app().transaction(async (send) => {
        await setStock(send, 1, 9);
        await setStock(send, 2, 21);
      });
    const look = (): Promise<unknown> =>
      app().transaction(async (send) => [await stockOf(send, 1), await stockOf(send, 2)]);
    const at = { setup: items, sessions: [move, look] };
    expect(shownBy(await everySchedule(app(), { ...at, level: "read-committed" }))).toEqual([
      "G-single-item",
    ]);
    expect(shownBy(await everySchedule(app(), { ...at, level: "repeatable-read" }))).toEqual([]);
  });

  test("a read that does not repeat is told", async () => {
    const look = (): Promise<unknown> =>
      app().transaction(async (send) => [await stockOf(send, 1), await stockOf(send, 1)]);
    const write = (): Promise<unknown> => setStock(app().alone, 1, 5);
    const seen = await everySchedule(app(), {
      setup: items,
      level: "read-committed",
      sessions: [look, write],
    });
    expect(shownBy(seen)).toContain("G-single-item");
  });
});

describe("at READ UNCOMMITTED", () => {
  const setup = items;
  const level = "read-uncommitted";
  const look = (app: RowApp) => (): Promise<unknown> => app.transaction((send) => stockOf(send, 1));
  /** Writes one value after another. */
  const write =
    (app: RowApp, values: readonly number[], end: "commit" | "roll back") => (): Promise<unknown> =>
      app
        .transaction(async (send) => {
          for (const value of values) await setStock(send, 1, value);
          if (end === "roll back") throw new Error("no");
        })
        .catch(() => undefined);

  test("MariaDB shows what is rolled back afterwards: an aborted read", async () => {
    const app = onMariadb();
    const sessions = [write(app, [99], "roll back"), look(app)];
    expect(shownBy(await everySchedule(app, { setup, level, sessions }))).toEqual(["G1a"]);
  });

  test("MariaDB shows what is replaced in the same transaction: an intermediate read", async () => {
    const app = onMariadb();
    const sessions = [write(app, [98, 99], "commit"), look(app)];
    expect(shownBy(await everySchedule(app, { setup, level, sessions }))).toEqual(["G-single-item", "G1b"]);
  });

  test("PostgreSQL shows neither", async () => {
    const app = onPostgres();
    const sessions = [write(app, [98, 99], "roll back"), look(app)];
    expect(shownBy(await everySchedule(app, { setup, level, sessions }))).toEqual([]);
  });
});
