import { expect, test } from "vitest";

import { versions } from "../../../src/checkers/domain/versions.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function register(type: OperationType, more: { readonly tried?: Json; readonly cause?: string } = {}): Event {
  const { tried, cause = "version-taken" } = more;
  return {
    process: 1,
    type,
    f: "register",
    value: [["add", "model/1", "1.0"]],
    ...(tried === undefined ? {} : { data: { tried: { "model/1": tried } } }),
    ...(type === "ok" || type === "invoke" ? {} : { error: { cause } }),
  };
}

const explanations = (...events: Event[]): readonly string[] =>
  (versions.check(fromEvents(events)).anomalies["futile-retry"] ?? []).map(({ explanation }) => explanation);

test("the same number tried again and again", () => {
  expect(explanations(register("fail", { tried: [5, 5, 5] }))).toEqual([
    "the register (index 0) failed though it tried again: it tried version 5 of model/1 3 times, " +
      "because its transaction went on to see the versions as they had been before somebody took that number",
  ]);
});

test("a statement after the one that had aborted the transaction", () => {
  expect(explanations(register("fail", { cause: "transaction-aborted" }))).toEqual([
    "the register (index 0) failed though it tried again: " +
      "a statement of its transaction had failed, and the server refused every one after it",
  ]);
});

test("who tried once, or found another number taken each time, was not refused in vain", () => {
  expect(explanations(register("fail", { tried: [5] }))).toEqual([]);
  expect(explanations(register("fail", { tried: [5, 6, 8] }))).toEqual([]);
  expect(explanations(register("fail", { tried: [5, 5, 6] }))).toEqual([]);
  expect(explanations(register("fail", { tried: [] }), register("fail", { tried: ["5", "5"] }))).toEqual([]);
});

test("nor who failed for another reason, or did not surely fail", () => {
  expect(explanations(register("fail", { cause: "duplicate-key" }))).toEqual([]);
  const futile = { tried: [5, 5], cause: "transaction-aborted" };
  expect(explanations(register("info", futile))).toEqual([]);
  expect(explanations(register("ok", futile))).toEqual([]);
});

test("nor another operation, or an actor that is no client", () => {
  const futile = register("fail", { tried: [5, 5], cause: "transaction-aborted" });
  expect(explanations({ ...futile, f: "promote" })).toEqual([]);
  expect(explanations({ ...futile, process: "nemesis" })).toEqual([]);
});
