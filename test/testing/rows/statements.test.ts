import { describe, expect, test } from "vitest";

import { keyLookup } from "../../../src/testing/rows/read-statement.ts";
import { oneStatement, sqlTokens } from "../../../src/testing/rows/sql-tokens.ts";
import { endsOtherwise, statementEffect } from "../../../src/testing/rows/statement-effect.ts";
import { tablesInFrom } from "../../../src/testing/rows/tables-in-from.ts";
import { withReturning, writeStatement } from "../../../src/testing/rows/write-statement.ts";

const tokensOf = (sql: string) => oneStatement(sqlTokens(sql, "postgres")) ?? [];
const none = { tables: [], functions: new Set(["touch"]), views: new Set<string>() };

describe("the rows of a write are asked for", () => {
  test.each([
    ["update item set a = 1", "update item set a = 1 returning item.*"],
    ['update only "s"."Item" as "i" set a = 1;', 'update only "s"."Item" as "i" set a = 1 returning "i".*'],
    ["/* x */ insert into item values (1) -- y", "/* x */ insert into item values (1) returning item.*"],
    ["insert into item as i values (1)", "insert into item as i values (1) returning i.*"],
    ["insert into item (a) select a from b", "insert into item (a) select a from b returning item.*"],
    [
      "delete from item i using part p where p.a = i.a",
      "delete from item i using part p where p.a = i.a returning i.*",
    ],
    ["delete from s.item", "delete from s.item returning s.item.*"],
  ])("%s", (sql, wanted) => {
    const tokens = tokensOf(sql);
    const write = writeStatement(tokens);
    expect(write && withReturning(sql, tokens, write)).toBe(wanted);
    expect(write?.returns).toBe(false);
  });

  test("unless the statement does so itself", () => {
    expect(writeStatement(tokensOf("insert into item values ('returning') returning id"))?.returns).toBe(
      true,
    );
    expect(writeStatement(tokensOf("insert into item values ('returning')"))?.returns).toBe(false);
  });
});

test("what SET names is told from what WHERE names", () => {
  const names = (sql: string) => [...(writeStatement(tokensOf(sql))?.sets ?? [])];
  expect(names("update item set a = 1, b = c where id = 2")).toEqual(["a", "b", "c"]);
  expect(names("insert into item values (1) on conflict (id) do update set a = 2 where item.id = 1")).toEqual(
    ["a"],
  );
});

describe("what a statement may write", () => {
  test.each([
    ["select 1", "read"],
    ["(select 1) union (select 2)", "read"],
    ["with a as (select 1) select * from a", "read"],
    ["with a as (delete from b returning *) select * from a", "anything"],
    ["select touch()", "anything"],
    ["select touch from item", "read"],
    ["update item set a = 1", "write"],
    ["merge into item using b on true when matched then delete", "anything"],
    ["call f()", "anything"],
    ["truncate item", "anything"],
    ["rollback to savepoint a", "back"],
    ["select 1; delete from item", "anything"],
  ])("%s: %s", (sql, type) => {
    expect(statementEffect(sql, "postgres", none).type).toBe(type);
  });

  test.each([
    ["replace into item values (1)", "write"],
    ["select touch()", "write"],
    ["with a as (select 1) update item, a set v = 1", "write"],
    ["/*!50000 delete from item */", "anything"],
    ["load data infile 'x' into table item", "anything"],
    ["lock tables item write", "anything"],
  ])("on MySQL %s: %s", (sql, type) => {
    expect(statementEffect(sql, "mysql", none).type).toBe(type);
  });
});

test("an end that begins another transaction is known by its text", () => {
  expect(["commit", "commit and no chain", "rollback"].some(endsOtherwise)).toBe(false);
  expect(["commit and chain", "commit prepared 'x'", "rollback and chain"].every(endsOtherwise)).toBe(true);
});

describe("tables in FROM", () => {
  test.each([
    ["select a.id from item a, only part as p", ["item", "part"]],
    ["select p.item from part p join item on p.item = item.id and item.a = 1", ["part", "item"]],
    ["select * from item where id in (select item from part where item.id = part.id)", ["item", "part"]],
    ["select * from s.item as item left join s.item i2 using (id)", ["item", "item"]],
    ["select * from (item cross join part) order by item", ["item", "part"]],
    ["select * from (select * from item) as x, item", ["item", "item"]],
    ["select (select max(a) from item) from item", ["item", "item"]],
  ])("%s", (sql, wanted) => {
    expect(tablesInFrom(tokensOf(sql))).toEqual(wanted);
  });
});

describe("a lookup by key", () => {
  const told = (sql: string, ...params: readonly unknown[]) => {
    const lookup = keyLookup(tokensOf(sql), params);
    return lookup && { ...Object.fromEntries(lookup.key), exact: lookup.exact };
  };

  test.each([
    ["select v from item where id = $1", [7], { id: 7, exact: true }],
    ["select v from s.item as i where i.id = 5 for no key update nowait", [], { id: 5, exact: true }],
    ["select v from item where id = $2 and v > $1 limit 1", [0, 8], { id: 8, exact: false }],
    ["select v from item where id = 1 or v = 2", [], undefined],
    ["select v from item where not id = 1", [], undefined],
    ["select v from item where id = 1 and (v = 2 or v = 3)", [], undefined],
    ["select v from item, part where id = 1", [], undefined],
    ["select v from item join part on true where id = 1", [], undefined],
    ["select count(*) from item where id = 1", [], undefined],
    ["select unnest(v) from item where id = 1", [], undefined],
    ["select v from item where id = 1 limit 0", [], undefined],
    ["select v from item where id = 1 offset 1", [], undefined],
    ["select v from item where id = 1 for update skip locked", [], undefined],
    ["select v from item where id = 1 and exists (select 1)", [], undefined],
    ["select v from item where id = 1 + 1", [], { exact: false }],
    ["select v from item where id = 1 and id = 2", [], { id: 1, exact: false }],
    ["select v from item", [], undefined],
  ])("%s", (sql, params, wanted) => {
    expect(told(sql, ...params)).toEqual(wanted);
  });
});
