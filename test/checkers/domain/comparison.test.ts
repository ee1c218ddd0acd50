import { expect, test } from "vitest";

import { comparison } from "../../../src/checkers/domain/comparison.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function change(
  attempt: string,
  versions: Readonly<Record<string, number>>,
  type: OperationType = "ok",
): Event {
  const changed = Object.fromEntries(Object.entries(versions).map(([model, n]) => [model, [n, attempt]]));
  return { process: 0, type, f: "train", value: [], data: { changed } };
}

function compare(
  models: Readonly<Record<string, readonly [number, ...string[]]>>,
  type: OperationType = "ok",
): Event {
  const compared = Object.fromEntries(
    Object.entries(models).map(([model, [version, ...by]]): [string, Json] => [model, { version, by }]),
  );
  return { process: 1, type, f: "compare", value: [], data: { compared } };
}

const found = (...events: Event[]): ReturnType<typeof comparison.check>["anomalies"] =>
  comparison.check(fromEvents(events)).anomalies;

test("one model after a change and another one before it", () => {
  const [witness] =
    found(change("x", { a: 2, b: 2 }), compare({ a: [1], b: [2, "x"] }))["unstable-comparison"] ?? [];
  expect(witness?.explanation).toBe(
    "the compare (index 1) compared b as it was after x (index 0) with a as it was before, though x changed both at once",
  );
  expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1]);
});

test("the same version, without what was added to it", () => {
  expect(Object.keys(found(change("x", { a: 2, b: 2 }), compare({ a: [2, "w"], b: [2, "w", "x"] })))).toEqual(
    ["unstable-comparison"],
  );
});

test("a comparison and a change are one case, however many models they have in common", () => {
  const cases = found(change("x", { a: 2, b: 2, c: 2 }), compare({ a: [2, "x"], b: [1], c: [2, "x"] }));
  expect(cases["unstable-comparison"]).toHaveLength(1);
});

test("both before, both after, or a version that has since been replaced", () => {
  const x = change("x", { a: 2, b: 2 });
  expect(found(x, compare({ a: [1], b: [1] }), compare({ a: [2, "x"], b: [2, "x"] }))).toEqual({});
  expect(found(x, compare({ a: [2, "x"], b: [3, "y"] }))).toEqual({});
});

test("a model that was not compared, or not changed, says nothing", () => {
  expect(found(change("x", { a: 2, b: 2 }), compare({ a: [2, "x"] }))).toEqual({});
  expect(found(change("x", { a: 2 }), compare({ a: [2, "x"], b: [1] }))).toEqual({});
  expect(found(change("x", { b: 2 }), compare({ a: [2, "x"], b: [1] }))).toEqual({});
});

test("changes and comparisons that did not surely commit are not judged", () => {
  const torn = { a: [1], b: [2, "x"] } as const;
  expect(found(change("x", { a: 2, b: 2 }, "info"), compare(torn))).toEqual({});
  expect(found(change("x", { a: 2, b: 2 }, "fail"), compare(torn))).toEqual({});
  expect(found(change("x", { a: 2, b: 2 }), compare(torn, "info"), compare(torn, "fail"))).toEqual({});
});
