import { expect, test } from "vitest";

import { brokenPromises } from "../../../src/campaign/soak/broken-promises.ts";
import type { Verdict } from "../../../src/checkers/verdict.ts";
import type { DatabaseDescription } from "../../../src/history/header.ts";
import register from "../../../workloads/register.ts";

const database: DatabaseDescription = { kind: "postgres", version: "18", settings: {} };

function verdict(found: readonly string[], model: string): Verdict {
  return {
    valid: found.length === 0,
    model,
    anomalyTypes: found,
    observed: found,
    not: [],
    alsoNot: [],
    anomalies: {},
    notes: [],
    counts: { ok: 1, fail: 0, info: 0, byF: {} },
  };
}

function broken(
  variantName: string,
  found: readonly string[],
  model = "strict-serializable",
): readonly string[] {
  const variant = register.variants[variantName];
  if (variant === undefined) throw new Error(variantName);
  return brokenPromises({ variant, isolation: "read-committed" }, database, verdict(found, model));
}

test("what an unprotected application does to itself is no broken promise", () => {
  expect(broken("naive", ["duplicate-version"], "read-committed")).toEqual([]);
});

test("what the variant declares never to show is one", () => {
  expect(broken("unique", ["duplicate-version"], "read-committed")).toEqual(["duplicate-version"]);
});

test("what the level forbids is one, and a lost commit always", () => {
  expect(broken("naive", ["G1c", "lost-commit"], "read-committed")).toEqual(["G1c", "lost-commit"]);
});
