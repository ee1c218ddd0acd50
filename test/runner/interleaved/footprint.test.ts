import { describe, expect, test } from "vitest";

import type { Catalog } from "../../../src/clients/catalog.ts";
import { anything, footprints, nothing, union } from "../../../src/runner/interleaved/footprint.ts";

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
  ])("%s", (sql) => {
    expect(of(sql)).toEqual(anything);
  });

  test("every statement where there are views, triggers or functions", () => {
    expect(footprints({ ...catalog, opaque: true })("select * from customers")).toEqual(anything);
  });
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
