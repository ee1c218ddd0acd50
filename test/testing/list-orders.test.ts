import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceResult } from "../../src/testing/race-result.ts";
import type { Access, Send } from "../support/access.ts";
import { usualCases, withAccess, type RaceCase } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

const board = `drop table if exists board; create table board (cards json);
               insert into board values ('["a","b","c"]')`;

async function cardsOf(query: Send): Promise<readonly string[]> {
  const cards = (await query("select cards from board")).rows[0]?.cards;
  return (typeof cards === "string" ? JSON.parse(cards) : cards) as string[];
}

function race(
  way: RaceCase,
  setup: string,
  ...sessions: ((app: Access) => Promise<unknown>)[]
): Promise<RaceResult> {
  return withAccess(way, (app) =>
    explore(app.database, { setup, sessions: sessions.map((run) => () => run(app)), diagnose: false }),
  );
}

const moving =
  (change: (cards: readonly string[]) => readonly string[]) =>
  async (app: Access): Promise<void> => {
    const cards = await cardsOf(app.query);
    await app.query("update board set cards = $1", [JSON.stringify(change(cards))]);
  };

const toFront = moving((cards) => ["c", ...cards.filter((card) => card !== "c")]);
const toBack = moving((cards) => [...cards.filter((card) => card !== "a"), "a"]);

const items = `drop table if exists item; create table item (id int primary key, n int);
               insert into item values (1, 0), (2, 0), (3, 0)`;

describe.each(usualCases(servers))("orders of lists: $name on $kind", (way) => {
  test("that a move in a list is lost is seen", async () => {
    const { valid, finding } = await race(way, board, toFront, toBack);
    expect(valid).toBe(false);
    expect(finding?.message).toMatch(/\['c', 'a', 'b'\] here|\['b', 'c', 'a'\] here/);
  });

  test("moves in one transaction, with a lock, are not accused", async () => {
    const locked =
      (change: (cards: readonly string[]) => readonly string[]) =>
      (app: Access): Promise<void> =>
        app.transaction((send) =>
          moving(change)({
            ...app,
            query: (sql, params) =>
              send(sql.replace("board", sql.startsWith("s") ? "board for update" : "board"), params),
          }),
        );
    const result = await race(
      way,
      board,
      locked((cards) => ["c", ...cards.filter((card) => card !== "c")]),
      locked((cards) => [...cards.filter((card) => card !== "a"), "a"]),
    );
    expect(result).toMatchObject({ valid: true, notes: [] });
  });

  test("what a function answers is compared in its order", async () => {
    const value = async ({ query }: Access, id: number): Promise<number> =>
      Number((await query("select n from item where id = $1", [id])).rows[0]?.n);
    const result = await race(
      way,
      items,
      async (app) => {
        await app.query("update item set n = 1 where id = 1");
        await app.query("update item set n = 1 where id = 2");
      },
      async (app) => [await value(app, 2), await value(app, 1)].reverse(),
    );
    expect(result.valid).toBe(false);
  });

  test("the order of rows that nobody has asked for is not", async () => {
    const touch =
      (id: number) =>
      ({ query }: Access): Promise<unknown> =>
        query("update item set n = 1 where id = $1", [id]);
    const keep = async ({ query }: Access): Promise<void> => {
      const { rows } = await query("select id from item");
      await query("update board set cards = $1", [JSON.stringify(rows.map(({ id }) => id))]);
    };
    const gather = ({ query }: Access): Promise<unknown> =>
      query(
        `update board set cards = (select ${way.kind === "postgres" ? "json_agg" : "json_arrayagg"}(id) from item)`,
      );
    for (const reads of [keep, gather]) {
      const result = await race(way, `${items}; ${board}`, touch(1), touch(2), reads);
      expect(result).toMatchObject({ valid: true, notes: [] });
    }
  });

  test("a text that rows were joined to is not compared in their order", async () => {
    const joins = way.kind === "postgres" ? "string_agg(sku, ',')" : "group_concat(sku)";
    const put =
      (sku: string) =>
      (app: Access): Promise<unknown> =>
        app.transaction(async (send) => {
          await send("insert into sale (sku) values ($1)", [sku]);
          await send("select id from item where id = 1 for update");
          return (await send(`select ${joins} as skus from sale`)).rows[0]?.skus;
        });
    const sales = `${items}; drop table if exists sale;
      create table sale (n ${way.kind === "postgres" ? "serial" : "int auto_increment"} primary key, sku varchar(9))`;
    expect(await race(way, sales, put("a"), put("b"))).toMatchObject({ valid: true, notes: [] });
  });

  test("a list in an order that is drawn is not compared in it", async () => {
    let drawn = 0;
    const draw = async ({ query }: Access): Promise<unknown> => {
      await query("update item set n = n + 1 where id = 1");
      return drawn++ % 2 === 0 ? [1, 2] : [2, 1];
    };
    expect((await race(way, items, draw, toNothing)).valid).not.toBe(false);
  });
});

const toNothing = ({ query }: Access): Promise<unknown> => query("update item set n = n + 1 where id = 1");
