import { describe, expect, test } from "vitest";

import { everySchedule, rowApps, shownBy, type RowApp, type Send } from "../../support/row-races.ts";

const items = `
  create table if not exists item (id int primary key, stock int not null);
  delete from item;
  insert into item values (1, 10), (2, 20)`;

async function stockOf(send: Send, id: number): Promise<number> {
  const [row] = await send("select stock from item where id = $1", [id]);
  return Number(row?.stock);
}

function set(send: Send, id: number, stock: number): Promise<unknown> {
  return send("update item set stock = $1 where id = $2", [stock, id]);
}

function take(app: RowApp): () => Promise<void> {
  return () =>
    app.transaction(async (send) => {
      await set(send, 1, (await stockOf(send, 1)) - 1);
    });
}

/** Takes from one item if both together have enough. */
function takeIfEnough(app: RowApp, id: number): () => Promise<void> {
  return () =>
    app.transaction(async (send) => {
      const [one, two] = [await stockOf(send, 1), await stockOf(send, 2)];
      if (one + two >= 30) await set(send, id, (id === 1 ? one : two) - 5);
    });
}

const [onPostgres, onMariadb] = rowApps();

describe.each([
  ["postgres", onPostgres],
  ["mariadb", onMariadb],
] as const)("on %s", (_, app) => {
  test("a lost update is one, though both write the same value", async () => {
    const level = "read-committed";
    const seen = await everySchedule(app(), { setup: items, level, sessions: [take(app()), take(app())] });
    expect(shownBy(seen)).toEqual(["G-single-item", "lost-update"]);
    // Whoever is through before the other begins loses nothing.
    for (const { moves, anomalies } of seen)
      expect(anomalies.includes("lost-update")).toBe(!["000111", "111000"].includes(moves.join("")));
  });

  test("of statements that are transactions by themselves, none loses an update", async () => {
    const alone = async (): Promise<void> => {
      await set(app().alone, 1, (await stockOf(app().alone, 1)) - 1);
    };
    const seen = await everySchedule(app(), { setup: items, sessions: [alone, alone] });
    expect(seen.length).toBeGreaterThan(2);
    expect(shownBy(seen)).toEqual([]);
  });

  test("write skew is one, on two rows", async () => {
    const sessions = [takeIfEnough(app(), 1), takeIfEnough(app(), 2)];
    const seen = await everySchedule(app(), { setup: items, level: "repeatable-read", sessions });
    expect(shownBy(seen)).toEqual(["G2-item", "write-skew"]);
  });

  test("read skew is one: half of what another transaction wrote", async () => {
    const move = (): Promise<unknown> =>
      app().transaction(async (send) => {
        await set(send, 1, 9);
        await set(send, 2, 21);
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
    const write = (): Promise<unknown> => set(app().alone, 1, 5);
    const seen = await everySchedule(app(), {
      setup: items,
      level: "read-committed",
      sessions: [look, write],
    });
    expect(shownBy(seen)).toContain("G-single-item");
  });
});

describe("at READ UNCOMMITTED", () => {
  const look = (app: RowApp) => (): Promise<unknown> => app.transaction((send) => stockOf(send, 1));

  test("MariaDB shows what is rolled back afterwards: an aborted read", async () => {
    const app = onMariadb();
    const fail = async (): Promise<void> => {
      await app
        .transaction(async (send) => {
          await set(send, 1, 99);
          throw new Error("no");
        })
        .catch(() => undefined);
    };
    const seen = await everySchedule(app, {
      setup: items,
      level: "read-uncommitted",
      sessions: [fail, look(app)],
    });
    expect(shownBy(seen)).toEqual(["G1a"]);
  });

  test("MariaDB shows what is replaced in the same transaction: an intermediate read", async () => {
    const app = onMariadb();
    const twice = (): Promise<unknown> =>
      app.transaction(async (send) => {
        await set(send, 1, 98);
        await set(send, 1, 99);
      });
    const seen = await everySchedule(app, {
      setup: items,
      level: "read-uncommitted",
      sessions: [twice, look(app)],
    });
    expect(shownBy(seen)).toEqual(["G-single-item", "G1b"]);
  });

  test("PostgreSQL shows neither", async () => {
    const app = onPostgres();
    const twice = (): Promise<unknown> =>
      app
        .transaction(async (send) => {
          await set(send, 1, 98);
          await set(send, 1, 99);
          throw new Error("no");
        })
        .catch(() => undefined);
    const seen = await everySchedule(app, {
      setup: items,
      level: "read-uncommitted",
      sessions: [twice, look(app)],
    });
    expect(shownBy(seen)).toEqual([]);
  });
});
