import { describe, expect, test } from "vitest";

import { rowApps, type RowApp } from "../../support/row-apps.ts";
import { mopsAlone } from "../../support/row-races.ts";
import { items } from "./item-rows.ts";

const [onPostgres, onMariadb] = rowApps();

/** A pool, asked in ways that its types tell apart. */
interface Pool {
  query(...args: readonly unknown[]): Promise<unknown>;
  execute(...args: readonly unknown[]): Promise<unknown>;
}

const poolOf = (app: RowApp): Pool => app.pool as unknown as Pool;

const both = ["ok one w item/1 v1: stock 9", "ok one r item/1 v1: stock 9"];

describe("pg", () => {
  test("statements that are prepared by name go on under it when nobody watches", async () => {
    const take = { name: "take", text: "update item set stock = stock - 1 where id = $1", values: [1] };
    const look = { name: "look", text: "select stock from item where id = $1", values: [1] };
    const answers: unknown[] = [];
    const ask = async (config: object): Promise<void> => {
      const { rows, rowCount } = (await poolOf(onPostgres()).query(config)) as {
        rows: unknown;
        rowCount: number;
      };
      answers.push([rows, rowCount]);
    };
    const form = async (): Promise<void> => {
      await ask(take);
      await ask(look);
    };
    expect(await mopsAlone(onPostgres(), items, form)).toEqual(both);
    await form();
    expect(answers).toEqual([
      [[], 1],
      [[{ stock: 9 }], 1],
      [[], 1],
      [[{ stock: 8 }], 1],
    ]);
  });

  test("rows as lists tell columns of one name apart", async () => {
    const form = async (): Promise<void> => {
      const pool = poolOf(onPostgres());
      await pool.query({ rowMode: "array", text: "update item set stock = 9 where id = 1" });
      await pool.query({ rowMode: "array", text: "select *, 5 as id from item where id = 1" });
    };
    expect(await mopsAlone(onPostgres(), items, form)).toEqual(both);
  });

  test("a parser of the application's own is no other value", async () => {
    const types = { getTypeParser: () => (text: string) => Number(text) + 0.5 };
    const form = (): Promise<unknown> =>
      poolOf(onPostgres()).query({ types, text: "select stock from item where id = 1" });
    // Nothing that it tells is a value of the row: nothing is told of the table.
    expect(await mopsAlone(onPostgres(), items, form)).toEqual([
      "Rows of item are left out: a read of item/1 shows a state that nobody was seen to write.",
    ]);
  });
});

describe("mysql2", () => {
  test("prepared statements", async () => {
    const form = async (): Promise<void> => {
      const pool = poolOf(onMariadb());
      await pool.execute("update item set stock = ? where id = ?", [9, 1]);
      await pool.execute("select stock from item where id = ?", [1]);
    };
    expect(await mopsAlone(onMariadb(), items, form)).toEqual(both);
  });

  test("rows as lists", async () => {
    const form = async (): Promise<void> => {
      const pool = poolOf(onMariadb());
      await pool.query("update item set stock = 9 where id = 1");
      await pool.query({ rowsAsArray: true, sql: "select *, 5 as id from item where id = 1" });
    };
    expect(await mopsAlone(onMariadb(), items, form)).toEqual(both);
  });

  test("rows by table tell nothing but that there is one", async () => {
    const form = (): Promise<unknown> =>
      poolOf(onMariadb()).query({ nestTables: true, sql: "select stock, id from item where id = 1" });
    expect(await mopsAlone(onMariadb(), items, form)).toEqual(["ok one r item/1 v0: stock 10"]);
  });
});
