import { describe, expect, test } from "vitest";

import { everySchedule, mopsOf, rowApps, type RowApp } from "../../support/row-races.ts";

const [onPostgres, onMariadb] = rowApps();

/** What one session is seen to do, beside another that does nothing. */
async function mopsAlone(
  app: RowApp,
  setup: string,
  body: () => Promise<unknown>,
): Promise<readonly string[]> {
  const one = (): Promise<unknown> => body();
  const [seen] = await everySchedule(app, { setup, sessions: [one, () => undefined], schedules: 1 });
  expect(seen?.endings).toEqual(["returned", "returned"]);
  return mopsOf(seen?.history).concat(seen?.leftOut ?? []);
}

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
    const mops = await mopsAlone(app(), items, async () => {
      const { alone } = app();
      await alone("delete from item where id = 1");
      await alone("select stock from item where id = 1");
      await alone("insert into item values (1, 11, 'b')");
      await alone("select * from item where id = 1");
      await alone("select stock from item where id = 5");
    });
    expect(mops).toEqual([
      "ok one w item/1 v1: no row",
      "ok one r item/1 v1: no row",
      "ok one w item/1 v2: stock 11, name b",
      "ok one r item/1 v2: stock 11, name b",
      "ok one r item/5 v0: no row",
    ]);
  });

  test("what was written twice alike is read by nobody for certain", async () => {
    const mops = await mopsAlone(app(), items, async () => {
      const { alone } = app();
      await alone("update item set stock = 5 where id = 1");
      await alone("update item set stock = 10 where id = 1");
      await alone("select stock from item where id = 1");
    });
    expect(mops).toEqual(["ok one w item/1 v1: stock 5, name a", "ok one w item/1 v2: stock 10, name a"]);
  });

  test("a join shows a row of each table", async () => {
    const mops = await mopsAlone(app(), items, () =>
      app().alone(
        "select i.id, i.stock, p.id as part, p.weight from item i join part p on p.item = i.id order by i.id",
      ),
    );
    expect(mops).toEqual([
      "ok one r item/1 v0: stock 10, name a",
      "ok one r item/2 v0: stock 20, name null",
      "ok one r part/7 v0: item 1, weight 100",
      "ok one r part/8 v0: item 2, weight 200",
    ]);
  });

  test("an outer join shows no row where there is none", async () => {
    const mops = await mopsAlone(app(), `${items}; delete from part where id = 8`, () =>
      app().alone(
        "select i.id, p.id as part from item as i left join part as p on p.item = i.id where i.id = 2",
      ),
    );
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
    expect(await mopsAlone(app(), items, () => app().alone(sql))).toEqual([]);
  });

  test("a row that is not found for another reason than its key is not known to be absent", async () => {
    const mops = await mopsAlone(app(), items, async () => {
      await app().alone("select stock from item where id = 1 and stock > 50");
      await app().alone("select stock from item where id = 1 and stock > 5");
    });
    expect(mops).toEqual(["ok one r item/1 v0: stock 10, name a"]);
  });

  test("NULL is a value", async () => {
    const mops = await mopsAlone(app(), items, async () => {
      const { alone } = app();
      await alone("update item set name = 'x' where id = 2");
      await alone("update item set name = null where id = 1");
      await alone("select id, name from item where id = 2");
      await alone("select id, name from item where id = 1");
    });
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
    const mops = await mopsAlone(app(), setup, async () => {
      const { alone } = app();
      await alone("update pair set v = 6 where a = 1 and b = 'x'");
      await alone("select a, b, v from pair");
      await alone("insert into made (v) values (3), (4)");
      await alone("select * from made");
    });
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
    const mops = await mopsAlone(app(), setup, async () => {
      await app().alone("update log set v = 2");
      await app().alone("select v from log");
    });
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

  test("several statements in one text leave out everything", async () => {
    // mysql2 sends them only where it is told to.
    if (kind === "mariadb") return;
    const mops = await mopsAlone(app(), items, () =>
      app().alone("select 2 as two; update item set stock = 1"),
    );
    expect(mops).toEqual(["No row is watched: several statements were sent in one text."]);
  });
});

describe("what PostgreSQL is asked for beside", () => {
  const app = onPostgres;
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
    const mops = await mopsAlone(app(), items, async () => {
      await app().alone("delete from item where id = 1");
      await app().alone("select id from part");
    });
    expect(mops).toEqual([
      "ok one w item/1 v1: no row",
      "Rows of part are left out: a foreign key may change it when item is written.",
    ]);
  });

  test("a key that is changed leaves out the table", async () => {
    const mops = await mopsAlone(app(), items, () =>
      app().alone("update item set id = id + 10 where id > 5"),
    );
    expect(mops).toEqual(["Rows of item are left out: a statement may change its keys."]);
  });

  test("a trigger leaves out everything", async () => {
    const setup = `${items}; create or replace function touch() returns trigger language plpgsql as $$
      begin update part set item = 2; return new; end $$;
      create trigger touched after update on item for each row execute function touch()`;
    const mops = await mopsAlone(app(), setup, async () => {
      await app().alone("update item set stock = 1 where id = 1");
      await app().alone("select id, item from part");
    });
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
    const mops = await mopsAlone(app(), `drop table if exists odd; ${create}`, () =>
      app().alone("insert into odd values (1, 0)"),
    );
    expect(mops).toEqual([expect.stringMatching(/^Rows of odd are left out: /)]);
  });

  test("a function that may write leaves out everything", async () => {
    const setup = `${items}; create or replace function touch_all() returns int language sql as 'update part set item = 2 returning 1'`;
    const mops = await mopsAlone(app(), setup, () => app().alone("select touch_all()"));
    expect(mops).toEqual(["No row is watched: the function touch_all may write anything."]);
  });

  test("a write inside of WITH leaves out everything", async () => {
    const mops = await mopsAlone(app(), items, () =>
      app().alone("with changed as (update item set stock = 1 returning id) select id from changed"),
    );
    expect(mops).toEqual(["No row is watched: what WITH … writes is not seen."]);
  });
});

describe("what MariaDB is looked at for", () => {
  const app = onMariadb;
  const items = `
    drop table if exists part; drop table if exists item;
    create table item (id int primary key, stock int) engine = InnoDB;
    create table part (id int primary key, item int, foreign key (item) references item (id) on delete cascade) engine = InnoDB;
    insert into item values (1, 10), (2, 20);
    insert into part values (7, 1), (8, 2)`;

  test("cascades are seen", async () => {
    const mops = await mopsAlone(app(), items, async () => {
      await app().alone("delete from item where id = 1");
      await app().alone("select id, item from part where id = 7");
    });
    expect(mops).toEqual([
      "ok one w item/1 v1: no row",
      "ok one w part/7 v1: no row",
      "ok one r part/7 v1: no row",
    ]);
  });

  test("what a trigger writes is seen", async () => {
    const setup = `${items}; create trigger touched after update on item for each row update part set item = 2 where id = 7`;
    const mops = await mopsAlone(app(), setup, () => app().alone("update item set stock = 1 where id = 1"));
    expect([...mops].sort()).toEqual(["ok one w item/1 v1: stock 1", "ok one w part/7 v1: item 2"]);
  });

  test("a key that changes is one row less and another more", async () => {
    const mops = await mopsAlone(app(), `${items}; delete from part`, () =>
      app().alone("update item set id = 9 where id = 1"),
    );
    expect([...mops].sort()).toEqual(["ok one w item/1 v1: no row", "ok one w item/9 v1: stock 10"]);
  });

  test("a table of another engine is left out", async () => {
    const setup = "drop table if exists old; create table old (id int primary key, v int) engine = MyISAM";
    const mops = await mopsAlone(app(), setup, () => app().alone("insert into old values (1, 1)"));
    expect(mops).toEqual(["Rows of old are left out: it is no table of InnoDB."]);
  });
});
