import { expect, test } from "vitest";

import { figureOf, percentileFigures, percentilesOf } from "../../../src/campaign/bench/figures.ts";

test("a figure is the median and the ends, of an even number too, and of nothing there is none", () => {
  expect(figureOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(figureOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(figureOf([7])).toEqual({ median: 7, min: 7, max: 7 });
  expect(figureOf([])).toBeNull();
});

test("percentiles are by nearest rank, and by number, not by text", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentilesOf(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
  expect(percentilesOf([10, 9])).toEqual({ p50: 9, p95: 10, p99: 10 });
  expect(percentilesOf([])).toBeNull();
});

test("percentiles over rounds are there only when every round has them", () => {
  const round = (p50: number) => ({ p50, p95: 5, p99: 6 });
  expect(percentileFigures([round(1), round(3), round(2)])?.p50).toEqual({ median: 2, min: 1, max: 3 });
  expect(percentileFigures([round(1), null])).toBeNull();
  expect(percentileFigures([])).toBeNull();
});
