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

const everyKind: readonly Kind[] = ["list", "register", "versioned", "set"];
const ours = header("postgres", "serializable");

describe("a database without bugs is never accused at the level it keeps", () => {
  const cases = levels.flatMap((level) => everyKind.map((kind) => ({ level, kind })));
  test.each(cases)("$level, $kind", ({ level, kind }) => {
    let committed = 0;
    for (let i = 0; i < runs; i++) {
      const engine = i % 2 === 0 ? "locking" : "optimistic";
      const setup = { level, engine, kinds: [kind], transactions: transactionsPerRun } as const;
      const { history } = simulate(`${level} ${kind} ${i}`, { ...setup, header: i % 4 < 2 ? ours : null });
      const verdict = check(history, { model: level, ...options(level, kind) });
      expect({ seed: i, ...told(verdict) }).toEqual({ seed: i, valid: true, anomalyTypes: [] });
      committed += verdict.counts.ok;
    }
    expect(committed).toBeGreaterThan((runs * transactionsPerRun) / 3);
  });
});

function options(_level: Level, _kind: Kind): CheckOptions {
  return {};
}

function told({ valid, anomalyTypes, because }: ReturnType<typeof check>): object {
  return { valid, anomalyTypes, because };
}
