import { describe, expect, test } from "vitest";

import type { Catalog } from "../../../src/clients/catalog.ts";
import {
  anything,
  footprints,
  nothing,
  touchesNoTable,
  union,
} from "../../../src/runner/interleaved/footprint.ts";

const catalog: Catalog = {
  tables: [
    { name: "orders", references: ["customers"] },
    { name: "customers", references: [] },
    { name: "lines", references: ["orders"] },
    { name: "Stock", references: [] },
  ],
  opaque: false,
};
const of = footprints(catalog);

describe("a read touches the tables it names, and writes nothing", () => {
  test.each([
    ["select * from customers where id = $1", ["customers"]],
    ["SELECT c.id FROM Customers AS c (id) JOIN stock s ON s.id = c.id", ["Stock", "customers"]],
    ["with seen as (select id from orders) select count(*) from seen", ["orders"]],
    ["select max(version) as top, coalesce(sum(n), 0) from lines where id in (1, 2)", ["lines"]],
    ["select 'orders', 'it''s stock' from customers -- lines", ["customers"]],
    ["select /* orders */ 1 from customers", ["customers"]],
    ["select \"it's\", 'orders' from customers", ["customers"]],
    ['select "c".id from "customers" as "c" (id)', ["customers"]],
    ["select id from customers where id = $1 or id = $2", ["customers"]],
    ["select 1", []],
    ["select count(*) from orders, customers c, stock where c.id = 1", ["Stock", "customers", "orders"]],
    ["select extract(year from at), trim(both from name) from orders where a is distinct from b", ["orders"]],
    [
      "select id from (select id from app.orders) as o where id in (select id from lines)",
      ["lines", "orders"],
    ],
    ["(select id from orders) union (select id from lines)", ["lines", "orders"]],
    ["select 1 from dual", []],
    ["select /* a */ id /* b */ from orders", ["orders"]],
    ["select typname from pg_catalog.pg_type t join pg_class c on c.oid = t.typrelid", ["pg_catalog"]],
  ])("%s", (sql, tables) => {
    expect(of(sql)).toEqual({ tables, readOnly: true });
  });
});

describe("what locks or writes is no read, and reaches over foreign keys", () => {
  test.each([
    ["select id from stock where id = 1 for update", ["Stock"]],
    ["select id from stock for no key update skip locked", ["Stock"]],
    ["select id from stock lock in share mode", ["Stock"]],
    ["update stock set n = n + 1 where id = 1", ["Stock"]],
    ["insert into stock (id, n) values ($1, $2) on conflict (id) do nothing", ["Stock"]],
    ["insert into customers values (1)", ["customers", "lines", "orders"]],
    ["delete from lines", ["customers", "lines", "orders"]],
    ["with gone as (delete from stock returning id) select id from gone", ["Stock"]],
    ["select id from customers for update", ["customers", "lines", "orders"]],
    ["insert ignore into stock values (1) on duplicate key update n = 1", ["Stock"]],
    ["replace stock values (1, 2)", ["Stock"]],
    ["update low_priority stock s set n = 1, m = 2 where id = 1", ["Stock"]],
    ["delete s from stock s join stock t using (id)", ["Stock"]],
    ["insert into stock (id) select id from stock for update", ["Stock"]],
    [
      "merge into stock s using stock t on s.id = t.id when matched then update set n = 1 when not matched then insert (id) values (1)",
      ["Stock"],
    ],
  ])("%s", (sql, tables) => {
    expect(of(sql)).toEqual({ tables, readOnly: false });
  });
});

describe("what may reach further touches anything", () => {
  test.each([
    "select pg_advisory_lock(1)",
    "select get_lock('x', 1)",
    "select audit(id) from customers",
    "call settle()",
    "rollback to savepoint s",
    "select nextval('s') from stock",
    'select "audit" (1)',
    "select `audit`(1)",
    String.raw`select 'it\'s', 1 from orders where name = 'x'`,
    "select $$it's$$ from orders",
    "select $tag$it's$tag$ from orders",
    "select 1 # it's\n from orders",
    "select 5--1 from orders",
    "select 1 /*! from orders */",
    "/* /* */ don't */ update orders set n = 1 where 'a' = 'a'",
    "select 1 -- a\r from orders",
    `update U&"c!006et" uescape '!' set n = 1`,
    "do 'begin update orders set n = 1; end'",
    "execute immediate 'update orders set n = 1'",
    "prepare bump as update orders set n = 1",
    "execute bump",
    "fetch from some_cursor",
    "copy orders from stdin",
    "set @t = (select n from stock)",
    "set statement max_statement_time = 5 for select n from stock",
    "explain analyze update stock set n = 1",
    "lock table stock",
    "truncate stock",
    "handler stock open",
    "select next value for sq from stock",
    "select sq.nextval from stock",
    "select 1 from stock; execute bump",
    "select * from day_1",
    "select * from stock, day_1",
    "select * from (stock s join orders o on o.id = s.id), day_1",
    "select * from stock where id in (select id from day_1)",
    "update day_1 set n = 1",
    "insert day_1 values (1)",
    "insert into stock select * from day_1",
    "delete from stock using day_1",
    "table day_1",
    "select last_value from orders_id_seq",
    "select * from pg_stat_activity",
    "select table_rows from information_schema.tables",
  ])("%s", (sql) => {
    expect(of(sql)).toEqual(anything);
  });

  test("every statement where there are views, triggers or functions", () => {
    expect(footprints({ ...catalog, opaque: true })("select * from customers")).toEqual(anything);
  });
});

test("every statement once one has made a view or a trigger, or has altered a table", () => {
  for (const change of [
    "create or replace view v as select 1",
    "/* x */ alter table lines add foreign key (id) references stock (id)",
  ]) {
    const changing = footprints(catalog);
    for (const harmless of ["create table day_1 (id int)", "create unique index i on stock (n)"])
      changing(harmless);
    expect(changing("select * from stock")).toEqual({ tables: ["Stock"], readOnly: true });
    changing(change);
    expect(changing("select * from stock")).toEqual(anything);
  }
});

test("what ties a table whose name differs in case only ties both", () => {
  const tables = [
    { name: "Parent", references: ["child"] },
    { name: "child", references: [] },
    { name: "parent", references: [] },
  ];
  expect(footprints({ tables, opaque: false })("delete from parent")).toEqual({
    tables: ["child", "parent"],
    readOnly: false,
  });
});

test("the types that a driver asks for are no table", () => {
  expect(touchesNoTable(of("select oid from pg_catalog.pg_type"))).toBe(true);
  expect(touchesNoTable(of("select 1"))).toBe(true);
  for (const sql of ["select 1 from stock", "delete from pg_type", "select 1 from day_1"])
    expect(touchesNoTable(of(sql))).toBe(false);
});

test("every statement where a table has a name of several words", () => {
  const spaced = footprints({ tables: [{ name: "order lines", references: [] }], opaque: false });
  expect(spaced('select * from "order lines"')).toEqual(anything);
});

test("both of two are all tables of either, and read-only only together", () => {
  const read = of("select 1 from stock");
  const write = of("update stock set n = 1");
  expect(union(nothing, read)).toEqual(read);
  expect(union(read, write)).toEqual({ tables: ["Stock"], readOnly: false });
  expect(union(read, of("select 1 from customers")).tables).toEqual(["Stock", "customers"]);
  expect(union(write, anything)).toEqual(anything);
});
