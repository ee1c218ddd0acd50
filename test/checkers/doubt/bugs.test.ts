import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { header } from "../support/notation.ts";
import { type Bug, bugs } from "./simulator/bugs.ts";
import type { Kind } from "./simulator/objects.ts";
import { simulate } from "./simulator/simulate.ts";

/** A bug must be found within so many transactions. */
const bound = 4000;
const transactionsPerRun = 200;
const rate = 0.2;

const cases = bugs.flatMap((bug) =>
  bug.kinds.map((kind) => ({ name: bug.name, kind, level: bug.level, bug })),
);

describe("every bug is found at the level that forbids it", () => {
  test.each(cases)("$name, $kind, $level", ({ kind, bug }) => {
    for (let i = 0; i * transactionsPerRun < bound; i++) {
      const { history, fired } = run(bug, kind, i);
      const verdict = check(history, { model: bug.level });
      // Nothing but the bug is wrong with the database.
      if (verdict.valid === false) expect(fired).toBeGreaterThan(0);
      if (verdict.anomalyTypes.some((type) => bug.family.includes(type))) return;
    }
    expect.fail(`not found in ${bound} transactions`);
  });
});

describe("a bug is no reason to accuse the database of more", () => {
  const spared = cases.flatMap((one) => one.bug.spares.map((model) => ({ ...one, model })));
  test.each(spared)("$name, $kind: $model stands", ({ kind, bug, model }) => {
    let fires = 0;
    for (let i = 0; i < 10; i++) {
      const { history, fired } = run(bug, kind, i);
      fires += fired;
      expect({ seed: i, anomalies: check(history, { model }).anomalyTypes }).toEqual({
        seed: i,
        anomalies: [],
      });
    }
    expect(fires).toBeGreaterThan(0);
  });
});

function run(bug: Bug, kind: Kind, i: number): ReturnType<typeof simulate> {
  return simulate(`${bug.name} ${kind} ${bug.level} ${i}`, {
    level: bug.level,
    engine: "optimistic",
    kinds: [kind],
    transactions: transactionsPerRun,
    bug: { name: bug.name, rate },
    header: header("postgres", "serializable"),
  });
}
