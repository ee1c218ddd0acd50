import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import type { History } from "../../../src/history/history.ts";
import type { Mop } from "../../../src/history/operation.ts";
import { event, fromEvents } from "../support/notation.ts";

/** One writes; another process sees that, and does not: the second read is stale if it came after the first. */
function twoReads(write: Mop, seen: Mop, stale: Mop, order: "overlapping" | "one after the other"): History {
  const read: Mop = ["r", "x", null];
  const written = [event(1, "invoke", [write]), event(1, "ok", [write])];
  const invoked = event(0, "invoke", [read]);
  const [first, second] = [event(0, "ok", [seen]), event(0, "ok", [stale])];
  // The writer overlaps with both, so that no real-time order says anything.
  const reads =
    order === "overlapping" ? [invoked, invoked, first, second] : [invoked, first, invoked, second];
  return fromEvents([written[0]!, ...reads, written[1]!]);
}

const lists = [["append", "x", 1] as Mop, ["r", "x", [1]] as Mop, ["r", "x", []] as Mop] as const;
const registers = [["w", "x", 1] as Mop, ["r", "x", 1] as Mop, ["r", "x", null] as Mop] as const;

describe("a process that overlaps with itself has no session order", () => {
  test.each(["overlapping", "one after the other"] as const)("%s: stale reads", (order) => {
    const model = "strong-session-serializable";
    const { anomalyTypes } = check(twoReads(...lists, order), { model, workload: "list-append" });
    expect(anomalyTypes).toEqual(order === "overlapping" ? [] : ["G-single-item-process"]);
  });

  test.each(["overlapping", "one after the other"] as const)("%s: Biswas and Enea's models", (order) => {
    const { valid } = check(twoReads(...registers, order), { model: "be-causal" });
    expect(valid).toBe(order === "overlapping");
  });

  test("nor for the order of versions where keys are sequential", () => {
    const registers = fromEvents([
      event(0, "invoke", [["r", "x", null]]),
      event(0, "invoke", [["r", "x", null]]),
      event(0, "ok", [["r", "x", 1]]),
      event(0, "ok", [["r", "x", 2]]),
      event(1, "invoke", [["r", "x", null]]),
      event(1, "ok", [["r", "x", 2]]),
      event(1, "invoke", [["r", "x", null]]),
      event(1, "ok", [["r", "x", 1]]),
      event(2, "invoke", [["w", "x", 1]]),
      event(2, "ok", [["w", "x", 1]]),
      event(3, "invoke", [["w", "x", 2]]),
      event(3, "ok", [["w", "x", 2]]),
    ]);
    const verdict = check(registers, {
      model: "serializable",
      sequentialKeys: true,
      workload: "rw-register",
    });
    expect(verdict.observed).not.toContain("cyclic-versions");
  });
});

test("what only completions tell of has an order", () => {
  const [write, seen, stale] = lists;
  const history = fromEvents([event(1, "ok", [write]), event(0, "ok", [seen]), event(0, "ok", [stale])]);
  const { anomalyTypes } = check(history, { model: "strong-session-serializable", workload: "list-append" });
  expect(anomalyTypes).toEqual(["G-single-item-process"]);
});
