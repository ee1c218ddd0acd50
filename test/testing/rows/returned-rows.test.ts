import { describe, expect, test } from "vitest";

import { rowApp } from "../../support/row-apps.ts";
import { mopsAlone } from "../../support/row-races.ts";

const app = rowApp("postgres");

describe("what PostgreSQL is asked for beside", () => {
  const items = `
    drop table if exists part; drop table if exists item;
    create table item (id int primary key, stock int);
    create table part (id int primary key, item int references item on delete cascade);
    insert into item values (1, 10), (2, 20);
    insert into part values (7, 1), (8, 2)`;

  test("is not shown to the application", async () => {
    const told: unknown[] = [];
    await mopsAlone(app(), items, async () => {
      const pool = app().pool as { query(sql: string): Promise<unknown> };
      const queries = [
        "update item set stock = stock + 1",
        "insert into item as i values (3, 30) -- three",
        "delete from item where id = 3;",
        "update item as i set stock = 0 from part p where p.item = i.id and p.id = 7",
        "insert into item values (1, 1) on conflict (id) do update set stock = 4",
        "update item set stock = 6 where id = 1 returning stock, id",
      ];
      for (const sql of queries) {
        const { rows, fields, rowCount, command } = (await pool.query(sql)) as Record<string, unknown>;
        told.push([command, rowCount, rows, (fields as { name: string }[]).map(({ name }) => name)]);
      }
    });
    expect(told).toEqual([
      ["UPDATE", 2, [], []],
      ["INSERT", 1, [], []],
      ["DELETE", 1, [], []],
      ["UPDATE", 1, [], []],
      ["INSERT", 1, [], []],
      ["UPDATE", 1, [{ stock: 6, id: 1 }], ["stock", "id"]],
    ]);
  });

  test("a foreign key that changes rows by itself leaves out the table that it changes", async () => {
    const mops = await mopsAlone(app(), items, ["delete from item where id = 1", "select id from part"]);
    expect(mops).toEqual([
      "ok one w item/1 v1: no row",
      "Rows of part are left out: a foreign key may change it when item is written.",
    ]);
  });

  test("a key that is changed leaves out the table", async () => {
    const mops = await mopsAlone(app(), items, ["update item set id = id + 10 where id > 5"]);
    expect(mops).toEqual(["Rows of item are left out: a statement may change its keys."]);
  });

  test("a trigger leaves out everything", async () => {
    const setup = `${items}; create or replace function touch() returns trigger language plpgsql as $$
      begin update part set item = 2; return new; end $$;
      create trigger touched after update on item for each row execute function touch()`;
    const mops = await mopsAlone(app(), setup, [
      "update item set stock = 1 where id = 1",
      "select id, item from part",
    ]);
    expect(mops).toEqual(["No row is watched: a trigger, a rule or a default of item may write anything."]);
  });

  test.each([
    [
      "that is computed when it is read",
      "create table odd (id int primary key, v int, w int generated always as (1 / v) virtual)",
    ],
    [
      "in partitions",
      "create table odd (id int primary key, v int) partition by hash (id); create table odd_0 partition of odd for values with (modulus 1, remainder 0)",
    ],
    [
      "with policies",
      "create table odd (id int primary key, v int); alter table odd enable row level security",
    ],
    [
      "that others may write and not read",
      "create table odd (id int primary key, v int); grant insert on odd to public",
    ],
  ])("a table %s is written as it stands, and left out", async (_, create) => {
    const mops = await mopsAlone(app(), `drop table if exists odd; ${create}`, [
      "insert into odd values (1, 0)",
    ]);
    expect(mops).toEqual([expect.stringMatching(/^Rows of odd are left out: /)]);
  });

  test("a function that may write leaves out everything", async () => {
    const setup = `${items}; create or replace function touch_all() returns int language sql as 'update part set item = 2 returning 1'`;
    const mops = await mopsAlone(app(), setup, ["select touch_all()"]);
    expect(mops).toEqual(["No row is watched: the function touch_all may write anything."]);
  });

  test("a write inside of WITH leaves out everything", async () => {
    const mops = await mopsAlone(app(), items, [
      "with changed as (update item set stock = 1 returning id) select id from changed",
    ]);
    expect(mops).toEqual(["No row is watched: what WITH … writes is not seen."]);
  });

  test("several statements in one text leave out everything", async () => {
    const mops = await mopsAlone(app(), items, ["select 2 as two; update item set stock = 1"]);
    expect(mops).toEqual(["No row is watched: several statements were sent in one text."]);
  });
});
