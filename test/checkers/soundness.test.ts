import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { check } from "../../src/checkers/check.ts";
import { stream } from "../../src/random/rng.ts";
import { event, fromEvents } from "./support/notation.ts";
import { chaoticRun, isLegalOrder, permutations, serialRun, snapshotRun } from "./support/stores.ts";

const seed = fc.nat().map(String);
const kind = fc.constantFrom("list" as const, "set" as const);

describe("never accuses", () => {
  test("a serial store of anything, under any model", () => {
    fc.assert(
      fc.property(seed, kind, fc.integer({ min: 1, max: 60 }), (s, k, count) => {
        const history = serialRun(stream(s, "serial"), k, count);
        for (const model of ["strict-serializable", "strong-session-serializable", "serializable"])
          expect(check(history, { model })).toMatchObject({ anomalyTypes: [], observed: [] });
      }),
      { numRuns: 300 },
    );
  });

  test("a store with snapshots of more than snapshot isolation forbids", () => {
    fc.assert(
      fc.property(seed, kind, fc.integer({ min: 1, max: 60 }), (s, k, count) => {
        const history = snapshotRun(stream(s, "snapshot"), k, count);
        expect(check(history, { model: "snapshot-isolation" }).anomalyTypes).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("up to five transactions for which a legal serial order exists", () => {
    const seen = { legal: 0, accused: 0 };
    fc.assert(
      fc.property(seed, kind, fc.integer({ min: 2, max: 5 }), (s, k, count) => {
        const transactions = chaoticRun(stream(s, "chaos"), k, count);
        const history = fromEvents(transactions.map((mops, process) => event(process, "ok", mops)));
        const verdict = check(history, { model: "serializable" });
        const legal = permutations(transactions).some(isLegalOrder);
        seen.legal += Number(legal);
        seen.accused += Number(verdict.valid === false);
        expect(legal && verdict.valid === false).toBe(false);
      }),
      { numRuns: 1000, seed: 42 },
    );
    // Both sides of the claim were put to the test.
    expect(seen.legal).toBeGreaterThan(100);
    expect(seen.accused).toBeGreaterThan(100);
  });
});

test("a store with snapshots is caught at being no serial one", () => {
  const accused = Array.from({ length: 40 }, (_, i) => {
    const history = snapshotRun(stream(String(i), "snapshot"), i % 2 === 0 ? "list" : "set", 60);
    return check(history, { model: "serializable" }).valid === false;
  });
  expect(accused.filter(Boolean).length).toBeGreaterThan(20);
});
