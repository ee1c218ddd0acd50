import fc from "fast-check";
import { expect, test } from "vitest";

import { isSame, keyName, listText, mopText, valueText } from "../../../src/checkers/explain/value-text.ts";
import type { Json } from "../../../src/history/operation.ts";

test("simple strings stand bare, everything else as JSON", () => {
  expect(
    ["model/3", "12.0", ":x", "", "two words", 'a"b', 7, null, [1, "a"]].map((value) => valueText(value)),
  ).toEqual(["model/3", "12.0", ":x", '""', '"two words"', '"a\\"b"', "7", "null", '[1,"a"]']);
  expect([keyName(4), keyName("4"), keyName("x")]).toEqual(["key 4", "4", "x"]);
});

test("nothing invisible gets through, and nothing is too long", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.jsonValue()), (value) => {
      const text = valueText(value);
      expect(text).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(Array.from(text).length).toBeLessThanOrEqual(60);
    }),
  );
  expect(valueText("\u001b[31m\u202e\n")).toBe('"\\u001b[31m\\u{202e}\\n"');
});

test("a long value keeps its beginning and its end", () => {
  expect(valueText(`begin${"x".repeat(5_000)}end`)).toMatch(/^beginx+…x+end$/);
});

test("a list is cut around any element, and never grows", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), (length, at) => {
      const items = Array.from({ length }, (_, i) => i);
      const focus = length === 0 ? 0 : at % length;
      const text = listText(items, focus);
      const shown = [...text.matchAll(/(?<![\d,])(\d+)(?=[,\]])/g)].map(([, digits]) => Number(digits));
      if (length > 0) expect(shown).toContain(focus);
      expect(shown.length).toBeLessThanOrEqual(8);
      const hidden = [...text.matchAll(/([\d,]+) more/g)].map(([, digits]) =>
        Number(digits!.replace(",", "")),
      );
      expect(shown.length + hidden.reduce((sum, one) => sum + one, 0)).toBe(length);
    }),
  );
});

test.each([
  [["append", "x", 1], "append 1 to x"],
  [["add", "s", "a"], "add a to s"],
  [["w", 3, [7, "v"]], 'write [7,"v"] to key 3'],
  [["r", "x", null], "read x → null"],
  [["r", "x", [1, 2]], "read x → [1, 2]"],
  [["rs", "s", ["a"]], "read s → {a}"],
  [["delete", "row", null], "delete row"],
  [["in\u0007sert", "row", 1], "in\\u{7}sert row 1"],
] as const)("%j reads %s", (mop, text) => {
  expect(mopText(mop as readonly [string, Json, Json])).toBe(text);
});

test("values are the same when they are the same JSON", () => {
  expect(isSame([1, { a: 2 }], [1, { a: 2 }])).toBe(true);
  expect(isSame("1", 1)).toBe(false);
});
