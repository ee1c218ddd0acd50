import { describe, expect, test } from "vitest";

import { defineWorkload } from "../../src/workload/define-workload.ts";
import { compareWithExpected, expectedAt } from "../../src/workload/expectation.ts";
import { atLeast, below } from "../../src/workload/levels.ts";
import { parametersFor } from "../../src/workload/parameters.ts";
import register from "../../workloads/register.ts";

describe("defineWorkload", () => {
  test("hands a good definition back", () => {
    expect(defineWorkload(register)).toEqual(register);
  });

  test.each([
    ["a name with a capital", { ...register, name: "Register" }, /lower-case/],
    ["no variant", { ...register, variants: {} }, /at least one variant/],
    [
      "a default out of bounds",
      { ...register, parameters: { models: { summary: "", default: 5, min: 1, max: 3 } } },
      /default 5 is not within 1…3/,
    ],
    [
      "contention beyond a parameter's bounds",
      { ...register, contention: { low: { models: 1_000 }, high: {} } },
      /sets models to 1000/,
    ],
  ])("refuses %s", (_, workload, sentence) => {
    expect(() => defineWorkload(workload)).toThrow(sentence);
  });
});

describe("parameters", () => {
  test("start from the defaults", () => {
    expect(parametersFor(register, [["models", "7"]])).toEqual({ models: 7, "versions-per-model": 32 });
  });

  test.each([
    ["modles", "7", /no parameter "modles"; it has models, versions-per-model/],
    ["models", "0", /from 1 to 100, got "0"/],
    ["models", "many", /got "many"/],
    ["models", "", /got ""/],
    ["models", "1.5", /whole number, got "1.5"/],
  ])("refuses %s=%s", (name, value, sentence) => {
    expect(() => parametersFor(register, [[name, value]])).toThrow(sentence);
  });
});

describe("expectations", () => {
  const target = { database: { kind: "mariadb", settings: { innodb_snapshot_isolation: "ON" } } } as const;

  test("rules that match the target add up, others do not count", () => {
    const rules = [
      { never: ["G0"] },
      { on: ["postgres"], must: ["G1a"] },
      { at: ["serializable"], must: ["G1b"] },
      { on: ["mariadb"], settings: { innodb_snapshot_isolation: "ON" }, never: ["lost-update"] },
      { on: ["mariadb"], settings: { innodb_snapshot_isolation: "OFF" }, must: ["lost-update"] },
    ] as const;
    expect(expectedAt(rules, { ...target, isolation: "repeatable-read" })).toEqual({
      must: [],
      never: ["G0", "lost-update"],
    });
  });

  test("expected yet unseen and forbidden yet seen are two findings", () => {
    expect(compareWithExpected({ must: ["G2"], never: ["G0"] }, ["G0", "G1c"])).toEqual({
      unseen: ["G2"],
      forbidden: ["G0"],
    });
  });
});

test("levels from one up, and below one", () => {
  expect(atLeast("repeatable-read")).toEqual(["repeatable-read", "serializable"]);
  expect(below("repeatable-read")).toEqual(["read-uncommitted", "read-committed"]);
});
