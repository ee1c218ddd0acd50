import { describe, expect, test } from "vitest";

import { type BeModel } from "../../../src/checkers/biswas-enea/be-models.ts";
import { check } from "../../../src/checkers/check.ts";
import type { Verdict } from "../../../src/checkers/verdict.ts";
import type { BugName } from "../doubt/simulator/bugs.ts";
import type { Level } from "../doubt/simulator/rules.ts";
import { simulate } from "../doubt/simulator/simulate.ts";
import { header } from "../support/notation.ts";

const runs = 12;

/** Verdicts on runs of a simulated database that keeps a level, but for one bug. */
function verdicts(level: Level, model: BeModel, bug?: BugName): readonly Verdict[] {
  return Array.from({ length: runs }, (_, i) => {
    const { history } = simulate(`${level} ${bug ?? ""} ${i}`, {
      level,
      engine: i % 2 === 0 ? "locking" : "optimistic",
      kinds: ["register"],
      transactions: 400,
      header: i % 4 < 2 ? header() : null,
      ...(bug === undefined ? {} : { bug: { name: bug, rate: 0.2 } }),
    });
    return check(history, { model });
  });
}

describe("a database that keeps a level is never accused of what the level implies", () => {
  test.each<[Level, BeModel]>([
    ["read-committed", "be-read-committed"],
    ["snapshot-isolation", "be-read-committed"],
    ["strong-session-snapshot-isolation", "be-causal"],
    ["strong-snapshot-isolation", "be-causal"],
    ["strong-session-serializable", "be-causal"],
    ["strict-serializable", "be-causal"],
  ])("%s keeps %s", (level, model) => {
    for (const { valid, anomalyTypes, because } of verdicts(level, model))
      expect({ valid, anomalyTypes, because }).toEqual({ valid: true, anomalyTypes: [], because: undefined });
  });
});

describe("what it does not imply shows", () => {
  test.each<[Level, BeModel, BugName | undefined, string]>([
    ["read-committed", "be-causal", undefined, "be-read-atomic-cycle"],
    // Snapshots of any age break the promises to sessions.
    ["snapshot-isolation", "be-causal", undefined, "be-read-atomic-cycle"],
    ["strong-session-snapshot-isolation", "be-causal", "stale-snapshot", "be-read-atomic-cycle"],
    ["strong-session-snapshot-isolation", "be-causal", "fractured-read", "be-read-committed-cycle"],
    ["strong-session-serializable", "be-causal", "broken-session", "be-read-atomic-cycle"],
    ["strong-session-snapshot-isolation", "be-read-committed", "aborted-read", "G1a"],
    ["strong-session-snapshot-isolation", "be-read-committed", "intermediate-read", "G1b"],
  ])("%s, judged by %s, with the bug %s: %s", (level, model, bug, anomaly) => {
    expect(verdicts(level, model, bug).flatMap(({ anomalyTypes }) => anomalyTypes)).toContain(anomaly);
  });
});
