import { describe, expect, test } from "vitest";

import { assignedColumns } from "../../../src/testing/rows/assigned-columns.ts";
import type { RowTable } from "../../../src/testing/rows/row-table.ts";
import { statementEffect } from "../../../src/testing/rows/statement-effect.ts";

const columns = ["id", "n", "m", "docId"];
const item: RowTable = {
  id: "1",
  name: "item",
  sql: "item",
  columns: new Map(columns.map((column) => [column, column])),
  vague: new Set(),
  flags: new Set(),
  key: ["id"],
  countsKeys: true,
  cascades: [],
  runsCode: false,
  refused: undefined,
};
const tables = { tables: [item], functions: new Set<string>(), views: new Set<string>() };

function assigned(sql: string, dialect: "postgres" | "mysql", filledIn?: unknown): unknown {
  const found = assignedColumns(statementEffect(sql, dialect, tables), tables, filledIn)?.columns;
  return found && Object.fromEntries(found);
}

test("a parameter without a number is the same where its value is", () => {
  const effect = statementEffect("update item set n = ? where id = ? and n < ?", "mysql", tables);
  const sourceWith = (...params: readonly unknown[]): unknown =>
    assignedColumns(effect, tables, undefined, params)?.columns?.get("n");
  expect(sourceWith(7, 1, 7)).toBe("newest");
  expect(sourceWith(7, 1, 8)).toBe("guarded");
});

describe("where a value comes from that is assigned", () => {
  test.each<[string, unknown]>([
    ["update item set n = n + $1", { n: "newest" }],
    ["update item set n = m + $1", { n: "newest" }],
    [
      'update s.item as i set n = "i".n - $1, "docId" = $2 where id = $3',
      { n: "newest", docId: "parameter" },
    ],
    ["update item set n = $1::int, m = cast($2 as int)", { n: "parameter", m: "parameter" }],
    ["update item set n = jsonb_set(n, '{a}', $1)", { n: "newest" }],
    ["update item set n = jsonb_build_object('a', $1)", { n: "parameter" }],
    ["update item set n = 5, m = 'x' where id = $1", { n: "literal", m: "literal" }],
    ["update item set n = -1.5::numeric, m = null", { n: "literal", m: "literal" }],
    ["update item set n = now(), m = default", { n: "server", m: "server" }],
    ["update item set n = nextval('s')", { n: "server" }],
    ["update item set n = nextval($1::text::regclass)", { n: "server" }],
    ["update item set n = total($1)", { n: "unknown" }],
    ["update item set n = app.upper($1), m = total(id)", { n: "unknown", m: "newest" }],
    ['update item set n = total(5), m = "upper"($1)', { n: "server", m: "unknown" }],
    [
      "update item set n = round(greatest($1, $2)::numeric(10, 2)), m = upper(trim($3))",
      { n: "parameter", m: "parameter" },
    ],
    ["update item set n = $1 > 5 and ($2 < 3 or not ($3))", { n: "parameter" }],
    ["update item set n = $1, m = $2 where id = 1 and n < $1", { n: "newest", m: "parameter" }],
    ["update item as i set n = $1 where $1 >= i.n returning n", { n: "newest" }],
    ["update item set n = $1 where n <> $1", { n: "guarded" }],
    ["update item set n = $1 where n < $2", { n: "guarded" }],
    ["update item set n = $1 where id = 1 and n = $2 and m > 0", { n: "newest" }],
    ["update item set n = 'x' where n not in ('y', 'z')", { n: "newest" }],
    ["update item set n = $1 where n in ('y', 'z')", { n: "newest" }],
    ["update item set n = $1 where id = 1 or id = 2 and n = 5", { n: "guarded" }],
    ["update item set n = $1 where id in (select id from other where n = 5)", { n: "unknown" }],
    ["update item set n = $1 from other o where item.id = o.id and o.n = 5", { n: "parameter" }],
    ["update item set n = $1 where id = $2 returning n", { n: "parameter" }],
    [
      "insert into item as i (id, n) values (1, $1) on conflict (id) do update set n = excluded.n where i.n < excluded.n",
      { n: "newest" },
    ],
    ["update item set n = coalesce(n, 0) + $1", { n: "newest" }],
    ["update item set n = coalesce($1, n)", { n: "unknown" }],
    ["update item set n = case when n > 0 then $1 else n end", { n: "unknown" }],
    ["update item set n = (select n from item where id = 1)", { n: "unknown" }],
    ["update item set n = v.n from (values ($1)) v(n)", { n: "unknown" }],
    ["update item set (n, m) = ($1, $2)", undefined],
    ["update item set n[1] = $1", undefined],
    ["delete from item where id = 1", {}],
    ["insert into item (id, n) values (1, $1)", undefined],
    ["insert into item (id, n) values (1, $1) on conflict do nothing", undefined],
    [
      "insert into item (id, n) values (1, $1) on conflict (id) do update set n = excluded.n",
      { n: "parameter" },
    ],
    [
      "insert into item as i (id, n) values (1, $1) on conflict (id) do update set n = i.n + excluded.n where i.n > 0",
      { n: "newest" },
    ],
    [
      "insert into item select 1, sum(n) from e on conflict (id) do update set n = excluded.n",
      { n: "server" },
    ],
    ["insert into item (select 1, $1) on conflict (id) do update set n = excluded.n", { n: "unknown" }],
    ["insert into item select 1, $1 on conflict (id) do update set n = excluded.n + 1", { n: "unknown" }],
    [
      "insert into item (m, id) overriding user value values (now(), $1), ($2, 5) on conflict (id) do update set n = excluded.n, m = excluded.m",
      { n: "server", m: "unknown" },
    ],
    [
      "insert into item (id, n) values (1, $1), (2, 7) on conflict (id) do update set n = excluded.n",
      { n: "text" },
    ],
    [
      "insert into item (id, n) values (1, total($1)) on conflict (id) do update set n = excluded.n",
      { n: "unknown" },
    ],
    ["insert into item values (1, $1) on conflict (id) do update set n = excluded.n", { n: "unknown" }],
    ["update item set n = excluded.n from other excluded where item.id = $1", { n: "unknown" }],
  ])("%s", (sql, wanted) => {
    expect(assigned(sql, "postgres")).toEqual(wanted);
  });

  test.each<[string, unknown, unknown]>([
    ["update item set n = ? where id = ?", undefined, { n: "parameter" }],
    ["update `item` set `item`.`n` = 5 where id = 1", [5, 1], { n: "parameter" }],
    ["update item set n = 5 where id = 1", [5], { n: "parameter" }],
    ["update item set n = 5 where id = 1", [1], { n: "literal" }],
    ["update item set n = 1 where id = 1", [1], { n: "text" }],
    ["update item set n = 1 where id = 1", undefined, { n: "literal" }],
    [
      "update item set n = -1.5, m = 'it\\'s' where id = 7",
      [-1.5, "it's", 7],
      { n: "parameter", m: "parameter" },
    ],
    ["update item set n = 'a', m = 'b' where id = 7", { n: "a", m: "b" }, { n: "parameter", m: "parameter" }],
    ["update item set n = 'a\\nb' where id = 7", ["a\nb", 7], { n: "text" }],
    ["update item set n = total(5), m = abs(7) where id = 1", [5, 7, 1], { n: "unknown", m: "parameter" }],
    ["update item set n = 5 where id = 1 and n < 5", [5, 1, 5], { n: "newest" }],
    ["update item set n = 5 where id = 1 and n > 0", [5, 1], { n: "guarded" }],
    ["update item set n = ? where id = ? and n < ?", undefined, { n: "guarded" }],
    ["update item set n = @a + 1", undefined, { n: "unknown" }],
    ["update item a join item b set a.n = 1", undefined, undefined],
    ["insert into item (id, n) values (1, 5) on duplicate key update n = values(n)", [5], { n: "parameter" }],
    [
      "insert into item (id, n) values (1, 5) on duplicate key update n = n + values(n)",
      [5],
      { n: "newest" },
    ],
    [
      "insert into item select 1, sum(n) from e on duplicate key update n = values(n)",
      undefined,
      { n: "server" },
    ],
    [
      "insert into item set id = 1, n = ? on duplicate key update n = values(n), m = values(m)",
      undefined,
      { n: "parameter", m: "server" },
    ],
    ["replace into item values (1, 5)", [5], undefined],
  ])("on MySQL %s, filled in with %j", (sql, filledIn, wanted) => {
    expect(assigned(sql, "mysql", filledIn)).toEqual(wanted);
  });
});
