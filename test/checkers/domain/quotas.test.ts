import { describe, expect, test } from "vitest";

import { quotas } from "../../../src/checkers/domain/quotas.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function move(amount: number, type: OperationType = "ok"): Event {
  return {
    process: 1,
    type,
    f: "move",
    value: [
      ["w", "model/1", [null, "1.0"]],
      ["w", "model/2", [null, "1.0"]],
    ],
    ...(type === "ok" ? { data: { moved: { "model/1": -amount, "model/2": amount } } } : {}),
  };
}

function read(one: number, two: number, f = "read-at-rest"): Event {
  const held: Json = { "project/1": { "model/1": [100, one], "model/2": [100, two] } };
  return { process: 9, type: "ok", f, value: [], data: { quotas: held } };
}

const found = (...events: Event[]): ReturnType<typeof quotas.check>["anomalies"] =>
  quotas.check(fromEvents(events)).anomalies;

test("what the committed moves come to is found at rest", () => {
  expect(found(move(5), move(7), move(3, "fail"), read(88, 112))).toEqual({});
});

test("a total that changed is told, and which model does not hold what it should", () => {
  const { "changed-total": totals, "lost-move": lost } = found(move(5), read(95, 100));
  expect(totals?.map(({ explanation }) => explanation)).toEqual([
    "the models of project/1 together held 195 when everything had ended (index 1), though they began with " +
      "200 and quota was only moved",
  ]);
  expect(lost?.map(({ explanation }) => explanation)).toEqual([
    "model/2 held 100 when everything had ended (index 1), though it began with 100 and the committed moves come to 5",
  ]);
});

test("a move that left no trace keeps the total, and is missed in both models", () => {
  const anomalies = found(move(5), read(100, 100));
  expect(Object.keys(anomalies)).toEqual(["lost-move"]);
  expect(anomalies["lost-move"]).toHaveLength(2);
});

test("fractions are not judged, for their sums are rounded", () => {
  expect(found(move(33.3), move(33.3), move(33.3), read(0.1, 199.9))).toEqual({});
});

test("a part of the models says nothing of the total", () => {
  const held: Json = { "project/1": { "model/1": [100, 95], "model/2": [100, "105"] } };
  const atRest: Event = { process: 9, type: "ok", f: "read-at-rest", value: [], data: { quotas: held } };
  expect(found(move(5), atRest)).toEqual({});
});

test("one that failed and counted all the same is told", () => {
  expect(Object.keys(found(move(5, "fail"), read(95, 105)))).toEqual(["lost-move"]);
});

describe.each(["info", "invoke"] as const)("a move that ended in %s", (type) => {
  test("may have counted or not", () => {
    expect(found(move(5, type), read(95, 105))).toEqual({});
    expect(found(move(5, type), read(100, 100))).toEqual({});
  });

  test("counted for both models or for none", () => {
    expect(Object.keys(found(move(5, type), read(95, 100)))).toEqual(["changed-total"]);
  });
});

test("only reads at rest are judged, and only what they show", () => {
  expect(found(move(5), read(95, 100, "read"))).toEqual({});
  expect(found({ ...read(0, 0), data: { quotas: { "project/1": { "model/1": [100] } } } })).toEqual({});
});
