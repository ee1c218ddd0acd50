import fc from "fast-check";
import { expect, test } from "vitest";

import { intervals } from "../../../src/checkers/at-rest/intervals.ts";

const interval = fc
  .tuple(fc.integer({ min: -1, max: 30 }), fc.integer({ min: 0, max: 12 }))
  .map(([began, length]) => [began, began + length] as const);

test("two overlap when they have a row in common, whatever lies between them", () => {
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), interval, (all, [began, ended]) => {
      const isExpected = all.some(([from, to]) => from <= ended && to >= began);
      expect(intervals(all).overlap(began, ended)).toBe(isExpected);
    }),
    { numRuns: 2_000 },
  );
});
