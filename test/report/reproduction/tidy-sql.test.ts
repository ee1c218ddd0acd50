import { expect, test } from "vitest";

import { hasInnerSemicolon, tidySql } from "../../../src/report/reproduction/tidy-sql.ts";
import { withoutClosingBrace } from "../../../src/report/reproduction/without-closing-brace.ts";

test.each([
  ["\n  select 1,\n    2 ; \n", "select 1, 2"],
  ["select 1 -- one;\n, 2 -- two", "select 1 , 2"],
  ["-- first\nselect '  -- no\n'", "select '  -- no\n'"],
  ["select /* a ; b */ 1;;", "select 1"],
  ["select /*+ hint */ 1", "select /*+ hint */ 1"],
  ["select 'a'\n 'b'", "select 'a'\n'b'"],
])("%j is pasted as %j", (sql, tidy) => {
  expect(tidySql(sql, "postgres")).toBe(tidy);
  expect(tidySql(tidy, "postgres")).toBe(tidy);
});

test("a long statement keeps its lines", () => {
  const column = "a_column_with_a_rather_long_name varchar(200) not null";
  expect(tidySql(`create table t (\n\n      id int, -- key\n      ${column},\n ${column}2\n)`, "mysql")).toBe(
    `create table t (\n  id int,\n  ${column},\n  ${column}2\n  )`,
  );
});

test("a semicolon counts outside quotes and comments only", () => {
  expect(hasInnerSemicolon("select ';' /* ; */", "mysql")).toBe(false);
  expect(hasInnerSemicolon("create procedure p() begin select 1; end", "mysql")).toBe(true);
});

test.each([
  ["select '{}'", "select E'{\\x7D'"],
  ["select json'{\"a\":\"\\n''\"}'", "select json E'{\"a\":\"\\\\n''\"\\x7D'"],
  ["select E'\\}}\\\\}'", "select E'\\x7D\\x7D\\\\\\x7D'"],
  ["select U&'}'", "select U&'\\007D'"],
  ['select "a}\\b"', 'select U&"a\\007D\\\\b"'],
  ["do $x$ begin raise '}'; end $x$", "do E' begin raise ''\\x7D''; end '"],
  ["select 1 -- }", "select 1 -- )"],
  ["select 1", "select 1"],
])("%s can stand in a spec", (before, after) => {
  expect(withoutClosingBrace(before)).toBe(after);
});
