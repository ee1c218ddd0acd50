import { describe, expect, test } from "vitest";

import { check, type CheckOptions } from "../../../src/checkers/check.ts";
import { header } from "../support/notation.ts";
import type { Kind } from "./simulator/objects.ts";
import { type Level, levels } from "./simulator/rules.ts";
import { simulate } from "./simulator/simulate.ts";

/** `ISOLAB_DOUBT=10` runs ten times as many transactions. */
const effort = Number(process.env.ISOLAB_DOUBT ?? "1");

const transactionsPerRun = 400;
const runs = Math.ceil(8 * effort);

const mixtures: readonly (readonly Kind[])[] = [
  ["list"],
  ["register"],
  ["versioned"],
  ["set"],
  ["list", "register", "versioned", "set"],
];
const ours = header("postgres", "serializable");

describe("a database without bugs is never accused at the level it keeps", () => {
  let all = 0;
  const cases = levels.flatMap((level) => mixtures.map((kinds) => ({ level, kinds, name: kinds.join() })));
  test.each(cases)("$level, $name", ({ level, kinds, name }) => {
    let committed = 0;
    for (let i = 0; i < runs; i++) {
      const engine = i % 2 === 0 ? "locking" : "optimistic";
      const setup = { level, engine, kinds, transactions: transactionsPerRun } as const;
      const { history } = simulate(`${level} ${name} ${i}`, { ...setup, header: i % 4 < 2 ? ours : null });
      const verdict = check(history, { model: level, ...(i % 3 === 0 ? {} : vouched(level)) });
      const { valid, anomalyTypes, because } = verdict;
      expect({ i, valid, anomalyTypes, because }).toEqual({ i, valid: true, anomalyTypes: [] });
      committed += verdict.counts.ok;
      all += verdict.counts.ok + verdict.counts.fail + verdict.counts.info;
    }
    expect(committed).toBeGreaterThan((runs * transactionsPerRun) / 3);
  });

  test("over a hundred thousand transactions in all", () => {
    expect(all).toBeGreaterThan(100_000 * Math.min(1, effort));
  });
});

describe("a database with monotonic sessions keeps what Biswas and Enea ask of registers", () => {
  const sessionLevels = [
    "strong-session-snapshot-isolation",
    "strong-snapshot-isolation",
    "strong-session-serializable",
    "strict-serializable",
  ] as const;
  test.each(sessionLevels)("%s", (level) => {
    for (let i = 0; i < runs / 2; i++) {
      const engine = i % 2 === 0 ? "locking" : "optimistic";
      const { history } = simulate(`be ${i}`, {
        level,
        engine,
        kinds: ["register"],
        transactions: transactionsPerRun,
        header: ours,
      });
      for (const model of ["be-read-committed", "be-read-atomic", "be-causal"])
        expect({ i, model, anomalies: check(history, { model }).anomalyTypes }).toEqual({
          i,
          model,
          anomalies: [],
        });
    }
  });
});

/** What is true of every single register at a level, and may be said to the checker. */
function vouched(level: Level): CheckOptions {
  switch (level) {
    case "read-uncommitted":
    case "snapshot-isolation":
    case "serializable":
      return { wfrKeys: true };
    case "strong-session-snapshot-isolation":
    case "strong-session-serializable":
      return { wfrKeys: true, sequentialKeys: true };
    case "read-committed":
    case "repeatable-read":
    case "strong-snapshot-isolation":
    case "strict-serializable":
      return { wfrKeys: true, linearizableKeys: true };
  }
}
