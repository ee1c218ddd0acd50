import { expect, test } from "vitest";

import { fractured } from "../../../src/checkers/domain/fractured.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function raise(attempt: string, type: OperationType = "ok"): Event {
  return { process: 1, type, f: "raise", value: [], data: { raised: { "pair/1": attempt } } };
}

function read(
  counts: readonly (readonly [number, string])[],
  f = "read-pair",
  type: OperationType = "ok",
): Event {
  return { process: 9, type, f, value: [], data: { saw: { "pair/1": counts as unknown as Json } } };
}

const found = (...events: Event[]): ReturnType<typeof fractured.check>["anomalies"] =>
  fractured.check(fromEvents(events)).anomalies;

test("a raise that shows in B and after that not in A", () => {
  const [witness] =
    found(raise("a"), read([[0, ""], [1, "a"], [0, ""]]))["fractured-read"] ?? []; // prettier-ignore
  expect(witness?.explanation).toBe(
    "the read-pair (index 1) saw B of pair/1 at 1, raised by a (index 0), and after that A at 0, " +
      "though every raise raises both",
  );
  expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1]);
});

test("a raise that shows in A and after that not in B, by one whose outcome nobody knows", () => {
  const [witness] =
    found(raise("b", "info"), read([[2, "b"], [1, "a"], [2, "b"]]))["fractured-read"] ?? []; // prettier-ignore
  expect(witness?.explanation).toContain("saw A of pair/1 at 2, raised by b, and after that B at 1,");
  expect(witness?.cycle.map(({ index }) => index)).toEqual([1]);
});

test("a read is one case, and one at rest comes first", () => {
  const counts = [[2, "b"], [1, "a"], [0, ""]] as const; // prettier-ignore
  const cases = found(read(counts), read(counts, "read-at-rest"))["fractured-read"] ?? [];
  expect(cases.map(({ explanation }) => explanation)).toEqual([
    expect.stringContaining("the read at rest (index 1) saw A"),
    expect.stringContaining("the read-pair (index 0) saw A"),
  ]);
});

test("each statement may show more than the one before it", () => {
  expect(found(read([[1, "a"], [2, "b"], [5, "e"]]), read([[5, "e"], [5, "e"], [5, "e"]]))).toEqual({}); // prettier-ignore
});

test("a read that did not surely commit shows nothing", () => {
  const counts = [[0, ""], [1, "a"], [0, ""]] as const; // prettier-ignore
  expect(found(read(counts, "read-pair", "info"), read(counts, "read-pair", "fail"))).toEqual({});
});
