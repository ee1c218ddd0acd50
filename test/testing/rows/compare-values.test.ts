import { expect, test } from "vitest";

import { surelyDiffer } from "../../../src/testing/rows/compare-values.ts";

const noon = new Date(0);

test.each([
  [1, 2, true],
  [1, 1, false],
  [1, "1", false],
  ["1.10", 1.1, false],
  ["1.20", 1.1, true],
  ["9007199254740993", 9007199254740992, false],
  [9007199254740993n, "9007199254740993", false],
  [1n, 2, true],
  ["01", "1", true],
  ["a", 1, false],
  ["", 0, false],
  [null, 0, true],
  [null, null, false],
  [undefined, 1, false],
  [true, false, true],
  [true, 0, false],
  [noon, new Date(5), false],
  [noon, "1970-01-01", false],
  [Buffer.from("a"), Buffer.from("b"), true],
  [Buffer.from("a"), new Uint8Array([97]), false],
  [[1, "2"], ["1", 2], false],
  [[1], [1, 2], true],
  [{ a: 1 }, { a: "1" }, false],
  [{ a: 1 }, { a: 2 }, true],
  [{ a: 1 }, { b: 1 }, true],
  [{ a: 1 }, '{"a":2}', false],
  [NaN, NaN, false],
  [0.9, 0.90000004, false],
  ["0.9", 0.90000004, false],
  ["0.9", "0.90000004", true],
  [0.9, 0.90001, true],
  [0.9, 0.9000000412, true],
  [1000000, 1000000.5, true],
])("%s and %s surely differ: %s", (one, other, differ) => {
  expect(surelyDiffer(one, other)).toBe(differ);
  expect(surelyDiffer(other, one)).toBe(differ);
});
