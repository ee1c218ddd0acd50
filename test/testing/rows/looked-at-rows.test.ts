import { describe, expect, test } from "vitest";

import { rowApp } from "../../support/row-apps.ts";
import { mopsAlone } from "../../support/row-races.ts";

const app = rowApp("mariadb");

describe("what MariaDB is looked at for", () => {
  const items = `
    drop table if exists part; drop table if exists item;
    create table item (id int primary key, stock int) engine = InnoDB;
    create table part (id int primary key, item int, foreign key (item) references item (id) on delete cascade) engine = InnoDB;
    insert into item values (1, 10), (2, 20);
    insert into part values (7, 1), (8, 2)`;

  test("cascades are seen", async () => {
    const mops = await mopsAlone(app(), items, [
      "delete from item where id = 1",
      "select id, item from part where id = 7",
    ]);
    expect(mops).toEqual([
      "ok one w item/1 v1: no row",
      "ok one w part/7 v1: no row",
      "ok one r part/7 v1: no row",
    ]);
  });

  test("what a trigger writes is seen", async () => {
    const setup = `${items}; create trigger touched after update on item for each row update part set item = 2 where id = 7`;
    const mops = await mopsAlone(app(), setup, ["update item set stock = 1 where id = 1"]);
    expect([...mops].sort()).toEqual(["ok one w item/1 v1: stock 1", "ok one w part/7 v1: item 2"]);
  });

  test("a key that changes is one row less and another more", async () => {
    const mops = await mopsAlone(app(), `${items}; delete from part`, [
      "update item set id = 9 where id = 1",
    ]);
    expect([...mops].sort()).toEqual(["ok one w item/1 v1: no row", "ok one w item/9 v1: stock 10"]);
  });

  test("a table of another engine is left out", async () => {
    const setup = "drop table if exists old; create table old (id int primary key, v int) engine = MyISAM";
    const mops = await mopsAlone(app(), setup, ["insert into old values (1, 1)"]);
    expect(mops).toEqual(["Rows of old are left out: it is no table of InnoDB."]);
  });
});
