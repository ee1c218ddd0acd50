import fc from "fast-check";
import { expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import type { Json, Mop } from "../../../src/history/operation.ts";
import { type Rng, stream } from "../../../src/random/rng.ts";
import { header } from "../support/notation.ts";
import { causallyConsistent } from "./support/axioms.ts";
import { historyOf, type Transaction } from "./support/registers.ts";

// The larger ones have sessions whose end leads nowhere near the end of the history.
test.each([
  { count: 90, most: 60, numRuns: 600, errors: 0.02 },
  { count: 420, most: 40, numRuns: 50, errors: 0.002 },
])("agrees with the definition on $count transactions of many sessions that end", (size) => {
  const { count, most, numRuns, errors } = size;
  const seen = { consistent: 0, not: 0 };
  fc.assert(
    fc.property(fc.nat().map(String), fc.integer({ min: 1, max: most }), (seed, sessions) => {
      const history = snapshots(stream(seed, "sessions"), sessions, count, errors);
      const consistent = causallyConsistent(history);
      seen[consistent ? "consistent" : "not"]++;
      const { valid } = check(historyOf(history, header()), { model: "be-causal" });
      expect(valid).toBe(consistent);
    }),
    { numRuns, seed: 7 },
  );
  expect(seen.consistent).toBeGreaterThan(numRuns / 6);
  expect(seen.not).toBeGreaterThan(numRuns / 6);
});

interface Version {
  readonly at: number;
  readonly value: Json;
}

/** A store with snapshots that may be old but never forget what the session knows; sometimes a read goes wrong. */
function snapshots(rng: Rng, sessions: number, count: number, errors: number): readonly Transaction[] {
  const keys = ["x", "y", "z", "u", "v", "w"].slice(0, 1 + rng.int(6));
  const wrong = rng.chance(0.7) ? errors : 0;
  const versions = new Map<string, Version[]>(keys.map((key) => [key, [{ at: 0, value: null }]]));
  const knows: number[] = [];
  const process = Array.from({ length: sessions }, (_, i) => i);
  let fresh = sessions;
  return Array.from({ length: count }, (_, i): Transaction => {
    const session = rng.int(sessions);
    const snapshot = Math.max(knows[session] ?? 0, i - rng.int(2 + rng.int(40)));
    const own = new Map<string, Json>();
    const mops = Array.from({ length: 1 + rng.int(3) }, (_, j): Mop => {
      const key = rng.pick(keys);
      if (rng.chance(0.4)) {
        own.set(key, i * 10 + j);
        return ["w", key, i * 10 + j];
      }
      const known = versions.get(key)!.filter(({ at }) => at <= snapshot);
      const version = rng.chance(wrong) ? rng.pick(known) : known.at(-1)!;
      return ["r", key, own.has(key) ? own.get(key)! : version.value];
    });
    const type = rng.chance(0.2) ? "info" : "ok";
    const actor = process[session]!;
    if (type === "info") process[session] = fresh++;
    knows[session] = type === "info" ? 0 : i + 1;
    for (const [key, value] of own) versions.get(key)!.push({ at: i + 1, value });
    return { process: actor, type, mops };
  });
}
