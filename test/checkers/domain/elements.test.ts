import { expect, test } from "vitest";

import { elements } from "../../../src/checkers/domain/elements.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function add(process: number, element: string, type: OperationType = "ok", set = "set/1"): readonly Event[] {
  const value = [["add", set, element]] as const;
  return [
    { process, type: "invoke", f: "add", value },
    { process, type, f: "add", value, data: { added: { [set]: element } } },
  ];
}

function read(process: number, shown: Json, f = "read", type: OperationType = "ok"): readonly Event[] {
  return [
    { process, type: "invoke", f, value: [] },
    { process, type, f, value: [], data: { elements: { "set/1": shown } } },
  ];
}

const found = (...events: (readonly Event[])[]): ReturnType<typeof elements.check>["anomalies"] =>
  elements.check(fromEvents(events.flat())).anomalies;

test("an element that no later read shows is lost", () => {
  const anomalies = found(add(1, "a"), add(2, "b"), read(9, ["b"], "read-at-rest"));
  expect(Object.keys(anomalies)).toEqual(["lost-element"]);
  const [witness] = anomalies["lost-element"] ?? [];
  expect(witness?.explanation).toBe(
    "a was added to set/1 (index 1), but the read at rest (index 5), which began afterwards, does not show it; " +
      "no later read shows it",
  );
  expect(witness?.cycle.map(({ index }) => index)).toEqual([1, 5]);
});

test("one that shows again was missing from a stale read", () => {
  const anomalies = found(add(1, "a"), read(2, []), read(3, []), read(4, ["a"]));
  expect(Object.keys(anomalies)).toEqual(["stale-element"]);
  const [witness, ...others] = anomalies["stale-element"] ?? [];
  expect(witness?.explanation).toContain(
    "the read (index 3), which began afterwards, does not show it; a later",
  );
  expect(others).toEqual([]);
});

test("a read that shows no list says nothing, and numbers are what was written as text", () => {
  expect(found(add(1, "7"), read(2, null), read(3, [7]))).toEqual({});
});

test("one that showed before it vanished is lost", () => {
  expect(Object.keys(found(add(1, "a"), read(2, ["a"]), read(3, [])))).toEqual(["lost-element"]);
});

test("a read that began before the addition was acknowledged need not show it", () => {
  const [invoked, added] = add(1, "a");
  const [began, ended] = read(2, []);
  if (invoked === undefined || added === undefined || began === undefined || ended === undefined)
    throw new Error("two events each");
  expect(found([invoked, began, added, ended])).toEqual({});
  expect(Object.keys(found([invoked, added, began, ended]))).toEqual(["lost-element"]);
});

test("reads are taken in the order in which they began", () => {
  const [early, late] = [read(2, ["a"]), read(3, [])];
  const [b1, e1, b2, e2] = [...early, ...late];
  if (b1 === undefined || e1 === undefined || b2 === undefined || e2 === undefined)
    throw new Error("two events each");
  expect(Object.keys(found(add(1, "a"), [b2, b1, e1, e2]))).toEqual(["stale-element"]);
});

test("an addition that did not surely commit may be missing", () => {
  expect(found(add(1, "a", "info"), add(2, "b", "fail"), read(9, [], "read-at-rest"))).toEqual({});
});

test("nothing is asked of another set, nor of a read that did not surely commit", () => {
  expect(found(add(1, "a", "ok", "set/2"), read(9, []))).toEqual({});
  expect(found(add(1, "a"), read(8, [], "read", "fail"), read(9, [], "read", "info"))).toEqual({});
});
