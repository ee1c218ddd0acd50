import fc from "fast-check";
import { expect, test } from "vitest";

import { beModels } from "../../../src/checkers/biswas-enea/be-models.ts";
import { check } from "../../../src/checkers/check.ts";
import type { Mop, OperationType } from "../../../src/history/operation.ts";
import { type Rng, stream } from "../../../src/random/rng.ts";
import { header } from "../support/notation.ts";
import { axioms } from "./support/axioms.ts";
import { historyOf, type Transaction } from "./support/registers.ts";

test("agrees with the axioms, tried over every commit order, on random tiny histories", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.nat().map(String), fc.constantFrom(2, 3, 4, 5, 5, 5), (seed, count) => {
      const history = randomHistory(stream(seed, "axioms"), count);
      const expected = axioms(history);
      const text = expected.join();
      seen.set(text, (seen.get(text) ?? 0) + 1);
      beModels.forEach((model, i) => {
        const { valid, not, alsoNot, anomalies } = check(historyOf(history, header()), { model });
        expect({ model, broken: valid === false }).toEqual({ model, broken: expected[i] === false });
        if (valid !== false) return;
        const weakest = expected.indexOf(false);
        expect(not).toEqual([beModels[weakest]]);
        expect(alsoNot).toEqual(beModels.slice(weakest + 1).sort());
        for (const [type, [witness]] of Object.entries(anomalies))
          if (type.endsWith("-cycle")) expect(witness!.steps.length).toBe(witness!.cycle.length);
      });
    }),
    { numRuns: 8000, seed: 42 },
  );
  // Every possible answer was put to the test, often.
  for (const answer of ["true,true,true", "true,true,false", "true,false,false", "false,false,false"])
    expect(seen.get(answer), answer).toBeGreaterThan(50);
});

/** Few processes and keys, and reads of any value written to the key: most answers are possible. */
function randomHistory(rng: Rng, count: number): readonly Transaction[] {
  const ended = new Set<number>();
  let fresh = 3;
  const drafts = Array.from({ length: count }, (_, i): Transaction => {
    let process = rng.int(3);
    while (ended.has(process)) process = fresh++;
    const type: OperationType = rng.chance(0.15) ? "info" : rng.chance(0.05) ? "fail" : "ok";
    if (type === "info" && rng.chance(0.7)) ended.add(process);
    const mops = Array.from({ length: 1 + rng.int(rng.chance(0.5) ? 2 : 4) }, (_, j): Mop => {
      const key = rng.pick(["x", "y", "z"].slice(0, 2 + rng.int(2)));
      return rng.chance(0.4) ? ["w", key, i * 10 + j + 1] : ["r", key, null];
    });
    return { process, type, mops };
  });
  return drafts.map((draft) => ({
    ...draft,
    mops: draft.mops.map((mop) => answer(rng, drafts, draft, mop)),
  }));
}

function answer(rng: Rng, all: readonly Transaction[], own: Transaction, [f, key, value]: Mop): Mop {
  if (f === "w") return [f, key, value];
  if (rng.chance(0.01)) return [f, key, 99];
  const mine = own.mops.filter((mop) => mop[0] === "w" && mop[1] === key).map((mop) => mop[2]);
  if (mine.length > 0 && rng.chance(0.8)) return [f, key, mine.at(-1)!];
  const last = all.flatMap((one) => {
    if (one === own || (one.type === "fail" && rng.chance(0.8))) return [];
    return one.mops.filter((mop) => mop[0] === "w" && mop[1] === key).slice(rng.chance(0.95) ? -1 : 0);
  });
  return [f, key, rng.chance(0.2) || last.length === 0 ? null : rng.pick(last)[2]];
}
