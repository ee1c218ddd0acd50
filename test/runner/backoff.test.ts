import fc from "fast-check";
import { expect, test } from "vitest";

import { stream } from "../../src/random/rng.ts";
import { backoffMs, triesAgain } from "../../src/runner/backoff.ts";

test("waits between nothing and the doubled base, never above the cap", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.string(), (attempt, seed) => {
      const waited = backoffMs({ baseMs: 2, maxMs: 100 }, attempt, stream(seed, "retry"));
      expect(waited).toBeGreaterThanOrEqual(0);
      expect(waited).toBeLessThanOrEqual(Math.min(100, 2 * 2 ** attempt));
    }),
  );
});

test("the same stream waits the same times", () => {
  const times = (): number[] => {
    const rng = stream("7", "retry");
    return [1, 2, 3].map((attempt) => backoffMs({ baseMs: 2, maxMs: 100 }, attempt, rng));
  };
  expect(times()).toEqual(times());
});

test("tries again for the causes of the policy only, and a bounded number of times", () => {
  const policy = { causes: ["deadlock"], attempts: 3, baseMs: 1, maxMs: 1 };
  expect(triesAgain(policy, "deadlock", 2)).toBe(true);
  expect(triesAgain(policy, "deadlock", 3)).toBe(false);
  expect(triesAgain(policy, "duplicate-key", 1)).toBe(false);
});
