import { expect, test } from "vitest";

import { onCall } from "../../../src/checkers/domain/on-call.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function goOff(doctor: number, attempt: string, type: OperationType = "ok"): Event {
  return {
    process: doctor,
    type,
    f: "go-off",
    value: [["w", `shift/1/doctor/${doctor}`, [null, attempt]]],
    ...(type === "ok" ? { data: { off: { "shift/1": attempt } } } : {}),
  };
}

function read(doctors: Readonly<Record<string, Json>>, f = "read-shift", type: OperationType = "ok"): Event {
  return { process: 9, type, f, value: [], data: { shifts: { "shift/1": doctors } } };
}

const nobody = { "1": ["off", "a"], "2": ["off", "b"] };

const found = (...events: Event[]): ReturnType<typeof onCall.check>["anomalies"] =>
  onCall.check(fromEvents(events)).anomalies;

test("a read that shows nobody on call names who went off", () => {
  const [witness] = found(goOff(1, "a"), goOff(2, "b"), read(nobody))["nobody-on-call"] ?? [];
  expect(witness?.explanation).toBe(
    "nobody of shift/1 was on call, as the read-shift (index 2) saw: " +
      "doctor 1 went off call by a (index 0) and doctor 2 went off call by b (index 1)",
  );
  expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1, 2]);
});

test("one whose outcome nobody knows is named, but is no part of the case", () => {
  const [witness] = found(goOff(1, "a", "info"), goOff(2, "b"), read(nobody))["nobody-on-call"] ?? [];
  expect(witness?.explanation).toContain("doctor 1 went off call by a and doctor 2");
  expect(witness?.cycle.map(({ index }) => index)).toEqual([1, 2]);
});

test("the same case is told once, by the read at rest where there is one", () => {
  const cases = found(read(nobody), read(nobody), read(nobody, "read-at-rest"))["nobody-on-call"] ?? [];
  expect(cases.map(({ explanation }) => explanation)).toEqual([
    expect.stringContaining("the read at rest (index 2)"),
  ]);
});

test("one doctor on call is enough", () => {
  expect(found(goOff(1, "a"), read({ "1": ["off", "a"], "2": ["on", null] }))).toEqual({});
});

test("a shift without doctors, or a read that did not surely commit, shows nothing", () => {
  expect(found(read({}))).toEqual({});
  expect(found(read(nobody, "read-shift", "info"), read(nobody, "read-shift", "fail"))).toEqual({});
});
