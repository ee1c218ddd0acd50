import { expect, test } from "vitest";

import { logarithmicTicks, roundTicks } from "../../../src/report/browser/ticks.ts";

test("round ticks are multiples of 1, 2 or 5 within the range", () => {
  expect(roundTicks(0, 830, 5)).toEqual([0, 200, 400, 600, 800]);
  expect(roundTicks(0.13, 0.41, 4)).toEqual([0.2, 0.3, 0.4]);
  expect(roundTicks(5, 5, 4)).toEqual([5]);
  expect(roundTicks(1e9, 1e9 + 10, 5)).toEqual([0, 2, 4, 6, 8, 10].map((more) => 1e9 + more));
});

test("logarithmic ticks are the powers of ten around the range", () => {
  expect(logarithmicTicks(0.3, 42)).toEqual([0.1, 1, 10, 100]);
  expect(logarithmicTicks(10, 10)).toEqual([10, 100]);
  expect(logarithmicTicks(Infinity, 0)).toEqual([1, 10]);
});
