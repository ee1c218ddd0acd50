import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { inlineLiterals } from "../../../src/clients/placeholders.ts";
import { withLiterals } from "../../../src/report/reproduction/sql-literal.ts";
import { piecesOf } from "../../../src/report/reproduction/sql-pieces.ts";

/** Scraps of SQL, most of which open or close something. */
const scrap = fc.constantFrom(
  ..."' \" ` \\ '' $1 $2 $$ $a$ -- # /* */ /*! ; \n a 1 e' E' U&' x' é = ( ) ' ' + -".split(" "),
  " ",
);
const sql = fc.array(scrap, { maxLength: 30 }).map((scraps) => scraps.join(""));

test.each(["postgres", "mysql"] as const)("the pieces of %s put together are the text", (dialect) => {
  fc.assert(
    fc.property(sql, (text) => {
      const pieces = piecesOf(text, dialect);
      expect(pieces.map((piece) => piece.text).join("")).toBe(text);
      expect(pieces.every((piece) => piece.text !== "")).toBe(true);
    }),
  );
});

test("placeholders of MySQL are found where the client finds them", () => {
  fc.assert(
    fc.property(sql, (text) => {
      const client = outcome(() => inlineLiterals(text, [7, 8], (value) => `${value}`));
      expect(outcome(() => withLiterals(text, [7, 8], "mariadb"))).toBe(client);
    }),
    { numRuns: 2000 },
  );
});

/** The text, or the name of the error. */
function outcome(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return (error as Error).name;
  }
}

describe("placeholders of PostgreSQL", () => {
  test.each([
    ["select $1", "select '7'"],
    ["select $2+$1", "select '8'+'7'"],
    ["select '$1', $1", "select '$1', '7'"],
    ["select '\\', $1", "select '\\', '7'"],
    ["select E'\\'$1', $1", "select E'\\'$1', '7'"],
    ["select date'$1', $1", "select date'$1', '7'"],
    [`select "$1""$1", $1`, `select "$1""$1", '7'`],
    ["select $1 -- $1\n, $1", "select '7' -- $1\n, '7'"],
    ["select $1 /* $1 /* $1 */ $1 */ , $1", "select '7' /* $1 /* $1 */ $1 */ , '7'"],
    ["select $$ $1 $$, $1", "select $$ $1 $$, '7'"],
    ["select $a$ $1 $$ $1 $a$, $1", "select $a$ $1 $$ $1 $a$, '7'"],
    ["select a$1, é$1, $1", "select a$1, é$1, '7'"],
    ["select $1#$1", "select '7'#'7'"],
  ])("%s", (before, after) => {
    expect(withLiterals(before, [7, 8], "postgres")).toBe(after);
  });

  test("one that is not there is an error", () => {
    expect(() => withLiterals("select $3", [7, 8], "postgres")).toThrow(RangeError);
  });

  test("none are looked for in a statement without parameters", () => {
    expect(withLiterals("select $1", [], "postgres")).toBe("select $1");
  });
});
