import { describe, expect, test } from "vitest";

import { rowApps } from "../../support/row-apps.ts";
import { mopsAlone } from "../../support/row-races.ts";

const [onPostgres, onMariadb] = rowApps();

describe.each([
  ["postgres", onPostgres],
  ["mariadb", onMariadb],
] as const)("on %s", (kind, app) => {
  const serial = kind === "postgres" ? "serial" : "int auto_increment";

  const items = `
    drop table if exists part; drop table if exists item;
    create table item (id int primary key, stock int, name varchar(20));
    create table part (id int primary key, item int, weight int);
    insert into item values (1, 10, 'a'), (2, 20, null);
    insert into part values (7, 1, 100), (8, 2, 200)`;

  test("inserts, deletes and inserts again are versions of one row", async () => {
    const mops = await mopsAlone(app(), items, [
      "delete from item where id = 1",
      "select stock from item where id = 1",
      "insert into item values (1, 11, 'b')",
      "select * from item where id = 1",
      "select stock from item where id = 5",
    ]);
    expect(mops).toEqual([
      "ok one w item/1 v1: no row",
      "ok one r item/1 v1: no row",
      "ok one w item/1 v2: stock 11, name b",
      "ok one r item/1 v2: stock 11, name b",
      "ok one r item/5 v0: no row",
    ]);
  });

  test("what was written twice alike is read by nobody for certain", async () => {
    const mops = await mopsAlone(app(), items, [
      "update item set stock = 5 where id = 1",
      "update item set stock = 10 where id = 1",
      "select stock from item where id = 1",
    ]);
    expect(mops).toEqual(["ok one w item/1 v1: stock 5, name a", "ok one w item/1 v2: stock 10, name a"]);
  });

  test("a join shows a row of each table", async () => {
    const mops = await mopsAlone(app(), items, [
      "select i.id, i.stock, p.id as part, p.weight from item i join part p on p.item = i.id order by i.id",
    ]);
    expect(mops).toEqual([
      "ok one r item/1 v0: stock 10, name a",
      "ok one r item/2 v0: stock 20, name null",
      "ok one r part/7 v0: item 1, weight 100",
      "ok one r part/8 v0: item 2, weight 200",
    ]);
  });

  test("an outer join shows no row where there is none", async () => {
    const mops = await mopsAlone(app(), `${items}; delete from part where id = 8`, [
      "select i.id, p.id as part from item as i left join part as p on p.item = i.id where i.id = 2",
    ]);
    expect(mops).toEqual(["ok one r item/2 v0: stock 20, name null"]);
  });

  test.each([
    ["a self join", "select a.id, b.stock from item a join item b on b.id <> a.id"],
    [
      "a table within itself",
      "select id, stock from item where stock < (select stock from item where id = 2)",
    ],
    ["a group", "select id, stock from item group by id, stock"],
    ["one of each kind", "select distinct id, stock from item"],
    ["two questions in one", "select id, stock from item union all select id, weight from part"],
    ["a sum", "select sum(stock) as total from item where id = 1"],
    ["two columns of one name", "select i.id, p.id from item i join part p on p.item = i.id"],
    ["an expression", "select id + 1 as id, stock from item where stock > 5"],
    ["either of two", "select stock from item where id = 1 or id = 2 limit 1"],
  ])("%s proves nothing", async (_, sql) => {
    expect(await mopsAlone(app(), items, [sql])).toEqual([]);
  });

  test("a row that is not found for another reason than its key is not known to be absent", async () => {
    const mops = await mopsAlone(app(), items, [
      "select stock from item where id = 1 and stock > 50",
      "select stock from item where id = 1 and stock > 5",
    ]);
    expect(mops).toEqual(["ok one r item/1 v0: stock 10, name a"]);
  });

  test("NULL is a value", async () => {
    const mops = await mopsAlone(app(), items, [
      "update item set name = 'x' where id = 2",
      "update item set name = null where id = 1",
      "select id, name from item where id = 2",
      "select id, name from item where id = 1",
    ]);
    expect(mops).toEqual([
      "ok one w item/2 v1: stock 20, name x",
      "ok one w item/1 v1: stock 10, name null",
      "ok one r item/2 v1: stock 20, name x",
      "ok one r item/1 v1: stock 10, name null",
    ]);
  });

  test("a key of several columns, and one that the server makes", async () => {
    const setup = `drop table if exists pair; create table pair (a int, b varchar(9), v int, primary key (a, b));
      insert into pair values (1, 'x', 5);
      drop table if exists made; create table made (id ${serial} primary key, v int)`;
    const mops = await mopsAlone(app(), setup, [
      "update pair set v = 6 where a = 1 and b = 'x'",
      "select a, b, v from pair",
      "insert into made (v) values (3), (4)",
      "select * from made",
    ]);
    expect(mops).toEqual([
      "ok one w pair/1,x v1: v 6",
      "ok one r pair/1,x v1: v 6",
      "ok one w made/1 v1: v 3",
      "ok one w made/2 v1: v 4",
      "ok one r made/1 v1: v 3",
      "ok one r made/2 v1: v 4",
    ]);
  });

  test("a table without a primary key is left out", async () => {
    const setup = "drop table if exists log; create table log (v int); insert into log values (1)";
    const mops = await mopsAlone(app(), setup, ["update log set v = 2", "select v from log"]);
    expect(mops).toEqual(["Rows of log are left out: it has no primary key."]);
  });

  test("going back to a savepoint leaves out what was written before", async () => {
    const mops = await mopsAlone(app(), items, () =>
      app().transaction(async (send) => {
        await send("savepoint s");
        await send("update item set stock = 1 where id = 1");
        await send("rollback to savepoint s");
        await send("select stock from item where id = 1");
      }),
    );
    expect(mops).toEqual(["Rows of item are left out: a transaction went back to a savepoint."]);
  });
});
