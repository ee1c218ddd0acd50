import { expect, test } from "vitest";

import { hotKeys } from "../../src/generators/hot-keys.ts";
import { operationsOf } from "./bench.ts";

test("uses every key at most so often, and few at a time", () => {
  const keys = operationsOf(hotKeys({ active: 3, uses: 5, operation: (key) => key }), 2000);
  const positions = new Map<number, number[]>();
  for (const [position, key] of keys.entries()) positions.set(key, [...(positions.get(key) ?? []), position]);
  const lives = [...positions.values()].map((used) => ({ first: used[0] ?? NaN, last: used.at(-1) ?? NaN }));
  const inUseAt = (position: number): number =>
    lives.filter(({ first, last }) => first <= position && position <= last).length;

  expect(Math.max(...[...positions.values()].map((used) => used.length))).toBe(5);
  expect(Math.max(...lives.map(({ first }) => inUseAt(first)))).toBe(3);
  // A key is replaced when it is used up, not earlier: 2000 uses need 400 keys, and 3 may be unfinished.
  expect(positions.size).toBeGreaterThanOrEqual(400);
  expect(positions.size).toBeLessThanOrEqual(403);
});

test.each([
  { active: 0, uses: 1 },
  { active: 1, uses: 0 },
  { active: 1.5, uses: 1 },
])("refuses %o", (bounds) => {
  expect(() => hotKeys({ ...bounds, operation: (key) => key })).toThrow(RangeError);
});
