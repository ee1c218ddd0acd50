import { describe, expect, test } from "vitest";

import { defineConfig, fullConfig } from "../../src/workload/config.ts";

test("what is left out of a config has its default", () => {
  expect(fullConfig(defineConfig({ workloads: ["append"] }))).toEqual({
    workloads: ["append"],
    targets: [{ db: "postgres", set: {} }],
    isolation: ["read-uncommitted", "read-committed", "repeatable-read", "serializable"],
    seed: "gate",
    baseline: "isolab.baseline.json",
    explore: { schedules: 40, sessions: 4, operations: 8 },
    stress: { sessions: 5, operations: 300, timeLimitMs: undefined },
  });
  expect(fullConfig({ workloads: ["append"], stress: false }).stress).toBeUndefined();
});

describe("a config that is none is refused in one sentence", () => {
  test.each([
    [null, "the config must be an object"],
    [{}, "workloads must be a list with something in it"],
    [{ workloads: [] }, "workloads must be a list"],
    [{ workloads: [1] }, "workloads must be a text"],
    [{ workloads: ["a"], levels: [] }, 'has no part "levels"'],
    [{ workloads: ["a"], isolation: ["chaos"] }, "isolation must hold levels of"],
    [{ workloads: ["a"], targets: [{ db: "oracle" }] }, "targets.db must be one of"],
    [{ workloads: ["a"], targets: [{ url: "http://x" }] }, "targets.url must look like"],
    [{ workloads: ["a"], targets: [{ url: "postgres://x" }] }, "targets.name must be a text"],
    [{ workloads: ["a"], targets: [{ db: "postgres", set: { a: 1 } }] }, "targets.set must be a text"],
    [{ workloads: ["a"], explore: { schedules: 0 } }, "explore.schedules must be a whole number from 1"],
    [{ workloads: ["a"], explore: { depth: 1 } }, 'has no part "depth"'],
    [{ workloads: ["a"], stress: true }, "stress must be an object"],
    [{ workloads: ["a"], stress: { operations: 1.5 } }, "stress.operations must be a whole number"],
  ])("%j", (given, sentence) => {
    expect(() => fullConfig(given)).toThrow(sentence);
    expect(() => fullConfig(given)).toThrow(/^isolab\.config: [^\n]*$/);
  });
});
