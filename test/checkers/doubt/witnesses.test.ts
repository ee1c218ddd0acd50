import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { check, type CheckOptions } from "../../../src/checkers/check.ts";
import { stream } from "../../../src/random/rng.ts";
import { header } from "../support/notation.ts";
import { complaints } from "./justify/complaints.ts";
import { tinyHistory } from "./oracle/tiny-history.ts";
import { nearlyLegalRun, type TinyKind, uniformRun } from "./oracle/tiny-runs.ts";
import { bugs } from "./simulator/bugs.ts";
import { simulate } from "./simulator/simulate.ts";

/** `ISOLAB_DOUBT=10` tries ten times as many histories. */
const effort = Number(process.env.ISOLAB_DOUBT ?? "1");

const kinds: readonly TinyKind[] = ["list", "set", "register"];

describe("every witness is borne out by the history", () => {
  const models = ["serializable", "strong-session-serializable", "strict-serializable"] as const;

  test.each(models)("of tiny runs, %s", (model) => {
    const told = new Set<string>();
    fc.assert(
      fc.property(
        fc.nat().map(String),
        fc.constantFrom(...kinds),
        fc.constantFrom("uniform" as const, "nearly" as const),
        fc.integer({ min: 2, max: 7 }),
        (seed, kind, source, transactions) => {
          const run = source === "uniform" ? uniformRun : nearlyLegalRun;
          const history = tinyHistory(
            run(stream(seed, "tiny"), { kind, transactions, finalReads: false }),
            header(),
          );
          const verdict = check(history, { model });
          for (const type of Object.keys(verdict.anomalies)) told.add(type);
          expect(complaints(history, verdict)).toEqual([]);
        },
      ),
      { numRuns: Math.ceil(1500 * effort) },
    );
    expect(told.size).toBeGreaterThan(8);
  });

  const promises: readonly CheckOptions[] = [
    { wfrKeys: true },
    { sequentialKeys: true },
    { linearizableKeys: true },
    { wfrKeys: true, sequentialKeys: true, linearizableKeys: true },
  ];
  test.each(promises)("of registers, where the user vouches %o", (options) => {
    const told = new Set<string>();
    fc.assert(
      fc.property(
        fc.nat().map(String),
        fc.constantFrom("uniform" as const, "nearly" as const),
        fc.integer({ min: 2, max: 7 }),
        (seed, source, transactions) => {
          const run = source === "uniform" ? uniformRun : nearlyLegalRun;
          const setup = { kind: "register", transactions, finalReads: false } as const;
          const history = tinyHistory(run(stream(seed, "tiny"), setup), header());
          const verdict = check(history, { model: "strict-serializable", ...options });
          for (const type of Object.keys(verdict.anomalies)) told.add(type);
          expect(complaints(history, verdict, options)).toEqual([]);
        },
      ),
      { numRuns: Math.ceil(1000 * effort) },
    );
    expect(told.size).toBeGreaterThan(6);
  });

  const cases = bugs.flatMap(({ name, kinds: of, level }) => of.map((kind) => ({ name, kind, level })));
  test.each(cases)("of a database with the bug $name, $kind, $level", ({ name, kind, level }) => {
    for (let i = 0; i < 5 * effort; i++) {
      const { history } = simulate(`witness ${i}`, {
        level,
        engine: i % 2 === 0 ? "optimistic" : "locking",
        kinds: [kind],
        transactions: 100,
        bug: { name, rate: 0.1 },
        header: header(),
      });
      for (const model of [level, "strict-serializable"])
        expect(complaints(history, check(history, { model }))).toEqual([]);
    }
  });
});
