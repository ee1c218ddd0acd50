import { expect, test } from "vitest";

import { monotonic } from "../../../src/checkers/domain/monotonic.ts";
import type { OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function look(
  process: number,
  counts: readonly number[],
  type: OperationType = "ok",
  key = "counter/1",
): Event {
  return { process, type, f: "look", value: [], data: { saw: { [key]: counts } } };
}

const found = (...events: Event[]): ReturnType<typeof monotonic.check>["anomalies"] =>
  monotonic.check(fromEvents(events)).anomalies;

test("a session that saw a counter go backwards", () => {
  const [witness] = found(look(1, [3]), look(2, [7]), look(1, [2]))["non-monotonic-read"] ?? [];
  expect(witness?.explanation).toBe("process 1 saw counter/1 at 3 (index 0) and after that at 2 (index 2)");
  expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 2]);
});

test("within one operation too", () => {
  const [witness] = found(look(1, [3, 4, 3]))["non-monotonic-read"] ?? [];
  expect(witness?.explanation).toBe("process 1 saw counter/1 at 4 (index 0) and after that at 3 (index 0)");
  expect(witness?.cycle.map(({ index }) => index)).toEqual([0]);
});

test("each step back is told once, also when the counter stays there", () => {
  const cases = found(look(1, [5]), look(1, [3]), look(1, [3, 4]), look(1, [2]))["non-monotonic-read"] ?? [];
  expect(cases.map(({ cycle }) => cycle.map(({ index }) => index))).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

test("sessions are not compared with each other, nor counters", () => {
  expect(found(look(1, [5]), look(2, [3]), look(1, [0], "ok", "counter/2"))).toEqual({});
});

test("the same count again, and a read that did not surely commit, are no step back", () => {
  expect(found(look(1, [5, 5]), look(1, [3], "fail"), look(2, [5], "info"), look(2, [4]))).toEqual({});
});
