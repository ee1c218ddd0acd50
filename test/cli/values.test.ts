import { expect, test } from "vitest";

import { worstOf } from "../../src/cli/exit-codes.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import {
  assignment,
  durationMs,
  isolationLevel,
  list,
  positiveNumber,
  wholeNumber,
} from "../../src/cli/values.ts";

test.each([
  ["500ms", 500],
  ["30s", 30_000],
  ["1.5m", 90_000],
  ["1h", 3_600_000],
])("%s lasts %d ms", (text, ms) => {
  expect(durationMs("--think", text)).toBe(ms);
});

test.each(["", "30", "s", "-1s", "1d", "1s "])("a duration is not %j", (text) => {
  expect(() => durationMs("--think", text)).toThrow(UsageError);
});

test("whole numbers keep to their bounds", () => {
  expect(wholeNumber("--ops", "12", 1, 12)).toBe(12);
  for (const text of ["0", "13", "1.5", "1e3", "", "x"]) {
    expect(() => wholeNumber("--ops", text, 1, 12)).toThrow(/--ops must be a whole number from 1 to 12/);
  }
});

test("a rate is above nothing", () => {
  expect(positiveNumber("--rate", "0.5")).toBe(0.5);
  for (const text of ["0", "-1", "", "x", "Infinity"])
    expect(() => positiveNumber("--rate", text)).toThrow(UsageError);
});

test("an assignment splits at the first equals sign", () => {
  expect(assignment("--set", "a=b=c")).toEqual(["a", "b=c"]);
  expect(() => assignment("--set", "=b")).toThrow(UsageError);
  expect(() => assignment("--set", "ab")).toThrow(/NAME=VALUE/);
});

test("levels are spelled as in the docs", () => {
  expect(isolationLevel("read-committed")).toBe("read-committed");
  expect(() => isolationLevel("READ COMMITTED")).toThrow(/read-uncommitted, read-committed/);
});

test("lists lose empty entries", () => {
  expect(list("--db", "a, b,,c,")).toEqual(["a", "b", "c"]);
  expect(() => list("--db", " , ")).toThrow(/--db names nothing/);
});

test("the worst of several answers", () => {
  expect(worstOf([0, 2, 1])).toBe(1);
  expect(worstOf([1, 254])).toBe(254);
  expect(worstOf([254, 3])).toBe(3);
  expect(worstOf([3, 255])).toBe(255);
  expect(worstOf([])).toBe(254);
});
