import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { inlineLiterals, splitPlaceholders } from "../../src/clients/placeholders.ts";

/** The statement with a `?` for each placeholder, and the values in the order they were asked for. */
function toQuestionMarks(sql: string, values: readonly unknown[]): { sql: string; params: unknown[] } {
  const params: unknown[] = [];
  const text = inlineLiterals(sql, values, (value) => {
    params.push(value);
    return "?";
  });
  return { sql: text, params };
}

describe("placeholders", () => {
  test("puts the parameters in the order they are used in, as often as they are used", () => {
    expect(toQuestionMarks("update t set a = $2, b = $2 where id = $1", [7, "x"])).toEqual({
      sql: "update t set a = ?, b = ? where id = ?",
      params: ["x", "x", 7],
    });
  });

  test("tells $1 and $10 apart", () => {
    const params = Array.from({ length: 10 }, (_, i) => i + 1);
    expect(toQuestionMarks("select $10, $1", params)).toEqual({ sql: "select ?, ?", params: [10, 1] });
  });

  test.each([
    ["a string", "select '$1'"],
    ["a string with a doubled quote", "select 'it''s $1'"],
    ["a string with an escaped quote", "select 'it\\'s $1'"],
    ["a string in double quotes", 'select "$1"'],
    ["a quoted identifier", "select `$1` from t"],
    ["an identifier with a backslash before its end", "select `a\\`, '$1'"],
    ["a comment to the end of the line", "select 1 -- $1"],
    ["a comment with a hash", "select 1 # $1"],
    ["a block comment", "select /* $1 */ 1"],
    ["an open block comment", "select 1 /* $1"],
    ["an identifier with a dollar sign", "select a$1 from t"],
    ["a dollar sign alone", "select '$' , $ from t"],
  ])("leaves %s alone", (_, sql) => {
    expect(splitPlaceholders(sql)).toEqual({ parts: [sql], order: [] });
  });

  test.each([
    ["after a string", "select 'a', $1", "select 'a', ?"],
    ["after a comment", "select -- $1\n $1", "select -- $1\n ?"],
    ["after two minus signs that begin no comment", "select 2--$1", "select 2--?"],
    ["in code in a comment", "select /*! $1 */", "select /*! ? */"],
    ["without white space", "values($1)", "values(?)"],
  ])("finds one %s", (_, sql, expected) => {
    expect(toQuestionMarks(sql, [1])).toEqual({ sql: expected, params: [1] });
  });

  test("names the parameter that is missing", () => {
    expect(() => toQuestionMarks("select $2", [1])).toThrow("uses $2, but 1 parameter was given");
    expect(() => toQuestionMarks("select $0", [1])).toThrow(RangeError);
  });
});

test("a parameter's text is never taken for a placeholder", () => {
  expect(inlineLiterals("select $1, $2", ["$2", "?"], (value) => `<${value}>`)).toBe("select <$2>, <?>");
});

test("property: what stands between placeholders comes back unchanged", () => {
  const piece = fc.constantFrom("select ", "'$1'", "`$2`", "/* $3 */", " , ", "-- $4\n", "''", '"$5"', "(");
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, fc.integer({ min: 1, max: 20 }))), (items) => {
      const sql = items.map(([text, n]) => `${text} $${n} `).join("");
      const { parts, order } = splitPlaceholders(sql);
      expect(order).toEqual(items.map(([, n]) => n - 1));
      expect(parts.map((part, i) => part + (i < order.length ? `$${order[i]! + 1}` : "")).join("")).toBe(sql);
    }),
  );
});
