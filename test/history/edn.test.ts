import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Edn,
  EdnChar,
  EdnDecimal,
  EdnKeyword,
  EdnList,
  EdnMap,
  EdnSet,
  EdnSymbol,
  EdnTagged,
  isKeywordName,
  isSymbolName,
} from "../../src/history/edn.ts";
import { ednFromJson, jsonFromEdn } from "../../src/history/edn-json.ts";
import { EdnSyntaxError, parseEdn } from "../../src/history/edn-reader.ts";
import { printEdn } from "../../src/history/edn-writer.ts";
import { json, text } from "./arbitraries.ts";

const names = fc.oneof(fc.constantFrom("a", "a/b", "can't", "x1", "->y", "+", "é"), text);

const edn: fc.Arbitrary<Edn> = fc.letrec<{ edn: Edn }>((tie) => {
  const items = fc.array(tie("edn"), { maxLength: 3, depthIdentifier: "edn" });
  return {
    edn: fc.oneof(
      { maxDepth: 4, depthIdentifier: "edn" },
      fc.oneof(
        fc.constantFrom(null, true, false, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
        fc.double().map((value) => value + 0),
        fc.integer(),
        fc.bigInt().filter((value) => !Number.isSafeInteger(Number(value))),
        text,
        names.filter(isKeywordName).map((name) => new EdnKeyword(name)),
        names.filter(isSymbolName).map((name) => new EdnSymbol(name)),
        fc.integer({ min: 0, max: 0xffff }).map((unit) => new EdnChar(String.fromCharCode(unit))),
        fc.constantFrom("1", "-0.50", "1e9").map((digits) => new EdnDecimal(digits)),
      ),
      items,
      items.map((list) => new EdnList(list)),
      items.map((list) => new EdnSet(list)),
      fc
        .uniqueArray(fc.integer(), { maxLength: 3 })
        .map((keys) => new EdnMap(keys.flatMap((key) => [key, [key]]))),
      tie("edn").map((value) => new EdnTagged("my/tag", value)),
    ),
  };
}).edn;

test("what is printed reads as the same value", () => {
  fc.assert(
    fc.property(edn, (value) => {
      expect(parseEdn(printEdn(value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test("EDN → JSON → EDN → JSON: the JSON is stable", () => {
  fc.assert(
    fc.property(edn, (value) => {
      const once = jsonFromEdn(value);
      const printed = printEdn(ednFromJson(once));
      expect(jsonFromEdn(parseEdn(printed))).toEqual(once);
    }),
    { numRuns: 500 },
  );
});

test("JSON → EDN → JSON is the identity, member order included", () => {
  fc.assert(
    fc.property(json, (value) => {
      const printed = printEdn(ednFromJson(value));
      expect(JSON.stringify(jsonFromEdn(parseEdn(printed)))).toBe(JSON.stringify(value));
    }),
    { numRuns: 1000 },
  );
});

describe("reads", () => {
  test.each<[string, Edn]>([
    ["+7", 7],
    ["-0", 0],
    ["0xff", 255],
    ["5N", 5],
    ["-3.25e2", -325],
    ["9007199254740992", 9007199254740992n],
    ['"a\\n\\u0041\\"\\\\\n"', 'a\nA"\\\n'],
    ["\\u0041", new EdnChar("A")],
    ["(\\( \\space)", new EdnList([new EdnChar("("), new EdnChar(" ")])],
    ["; comment\n [1 ,, #_ #_ 2 3 4]", [1, 4]],
    ["{:a #{}}", new EdnMap([new EdnKeyword("a"), new EdnSet([])])],
    ["#:n{:a 1}", new EdnMap([new EdnKeyword("n/a"), 1])],
    ["#my/tag #_ 1 []", new EdnTagged("my/tag", [])],
    ["[nil true false nilly -]", [null, true, false, new EdnSymbol("nilly"), new EdnSymbol("-")]],
    [":can't-join/x:y", new EdnKeyword("can't-join/x:y")],
    [`"${"long ".repeat(10)}"`, "long ".repeat(10)],
  ])("%s", (source, value) => {
    expect(parseEdn(source)).toEqual(value);
  });
});

describe("refuses", () => {
  test.each<[string, string, number]>([
    ["", "a value", 0],
    ["[1 2", '"]"', 4],
    ["[1 )", "a value", 3],
    ["{:a}", "a value for every key", 0],
    ["{:a 1 :a 2}", "only once", 0],
    ["1 2", "nothing after", 2],
    ["007", "a number of EDN", 0],
    ["1/2", "a number of EDN", 0],
    [": x", "a keyword", 0],
    ["::x", "a keyword", 0],
    ['"\\q"', "an escape of EDN", 1],
    ['"abc', "the closing double quote", 4],
    ["\\unknown", "a character of EDN", 0],
    ["^{:m 1} x", "a value of EDN", 0],
    ["##Foo", "##NaN", 0],
    ["# x", "a tag", 1],
    ["#:n[]", '"{"', 3],
  ])("%s", (source, expected, offset) => {
    let caught: unknown;
    try {
      parseEdn(source);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(EdnSyntaxError);
    expect((caught as EdnSyntaxError).message).toContain(expected);
    expect((caught as EdnSyntaxError).offset).toBe(offset);
  });

  test.each(["[", "(", "{:a ", "#{", "#_", "#t ", "#:n{:a ", "[#_"])(
    "a hundred thousand times %s",
    (opening) => {
      expect(() => parseEdn(opening.repeat(100_000))).toThrow("at most 512 levels of nesting");
    },
  );
});
