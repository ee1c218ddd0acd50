import { describe, expect, test } from "vitest";

import { exampleHistory, judgeExample } from "../../../src/checkers/explain/example-history.ts";
import { examples } from "../../../src/checkers/models/descriptions/examples/examples.ts";
import { operationAt } from "../../../src/history/operation-at.ts";

/** Anomalies that everybody who reads about isolation knows; each must have an example. */
const classics = [
  ...["G0", "G1a", "G1b", "G1c", "G-single-item", "G-single", "G-nonadjacent-item", "G-nonadjacent"],
  ...["G2-item", "G2", "lost-update", "internal", "future-read", "garbage-read", "dirty-update"],
  ...["duplicate-elements", "incompatible-order", "cyclic-versions", "duplicate-version"],
  ...["predicate-read-miss", "missing-version", "tied-versions"],
  ...["G-single-item-process", "G-single-item-realtime"],
];

/** What says something of the application's own lock, and so nothing of a model. */
const forbiddenNowhere: ReadonlySet<string> = new Set(["tied-versions"]);

describe("our own checkers find in each example what it is for", () => {
  test.each(Object.keys(examples))("%s", (name) => {
    const example = examples[name]!;
    const verdict = judgeExample(example);
    expect(verdict.observed).toEqual(example.finds);
    expect(forbiddenNowhere.has(name) ? verdict.observed : verdict.anomalyTypes).toContain(name);
    expect(verdict.valid).toBe(false);
  });
});

test.each(classics)("%s has an example", (name) => {
  expect(Object.keys(examples)).toContain(name);
});

test("an example that shows nothing is not confirmed", () => {
  const { finds, ...rest } = examples.G1a!;
  const harmless = rest.steps.map(
    ([session, action]) => [session, action === "abort" ? "commit" : action] as const,
  );
  expect(judgeExample({ ...rest, finds, steps: harmless }).observed).toEqual([]);
});

test("a schedule becomes an operation per transaction, in the order of its steps", () => {
  const history = exampleHistory(examples.G1a!);
  const operations = Array.from({ length: history.length }, (_, row) => operationAt(history, row));
  expect(operations.map(({ process, type, value }) => [process, type, value])).toEqual([
    [1, "invoke", [["append", "x", 1]]],
    [2, "invoke", [["r", "x", null]]],
    [1, "fail", [["append", "x", 1]]],
    [2, "ok", [["r", "x", [1]]]],
  ]);
});
