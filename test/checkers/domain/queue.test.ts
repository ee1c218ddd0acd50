import { expect, test } from "vitest";

import { queue } from "../../../src/checkers/domain/queue.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function enqueue(job: string, type: OperationType = "ok", name = "queue/1"): Event {
  return { process: 1, type, f: "enqueue", value: [["add", name, job]], data: { enqueued: { [name]: job } } };
}

function work(job: string, attempt: string, type: OperationType = "ok", name = "queue/1"): Event {
  return { process: 2, type, f: "work", value: [], data: { dispatched: { [name]: [job, attempt] } } };
}

function read(jobs: Readonly<Record<string, Json>>, f = "read-at-rest", type: OperationType = "ok"): Event {
  return { process: 9, type, f, value: [], data: { jobs: { "queue/1": jobs } } };
}

const found = (...events: Event[]): ReturnType<typeof queue.check>["anomalies"] =>
  queue.check(fromEvents(events)).anomalies;

test("a job that two have done names both", () => {
  const [witness] = found(enqueue("a"), work("a", "b"), work("a", "c"))["double-dispatch"] ?? [];
  expect(witness?.explanation).toBe("job a of queue/1 was dispatched to b (index 1) and to c (index 2)");
  expect(witness?.cycle.map(({ index }) => index)).toEqual([1, 2]);
});

test("of many who have done it, five are named", () => {
  const workers = ["b", "c", "d", "e", "f", "g", "h"].map((attempt) => work("a", attempt));
  const [witness] = found(...workers)["double-dispatch"] ?? [];
  expect(witness?.explanation).toContain("to f (index 4) and 2 times more");
  expect(witness?.cycle).toHaveLength(5);
});

test("one worker who has surely done it is enough for no job", () => {
  expect(found(work("a", "b"), work("a", "c", "fail"), work("a", "d", "info"))).toEqual({});
  expect(found(work("a", "b"), work("c", "d"), work("a", "e", "ok", "queue/2"))).toEqual({});
});

test("a job that is claimed for ever is lost", () => {
  const [witness] = found(enqueue("a"), read({ a: ["claimed", "b"] }))["lost-job"] ?? [];
  expect(witness?.explanation).toBe(
    "job a of queue/1 was enqueued (index 0) and was neither open nor done when everything had ended (index 1): " +
      "it was claimed by b",
  );
  expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1]);
});

test("so is one whose producer was told nothing, since it is there", () => {
  const [witness] = found(enqueue("a", "info"), read({ a: ["claimed", null] }))["lost-job"] ?? [];
  expect(witness?.explanation).toBe(
    "job a of queue/1 was neither open nor done when everything had ended (index 1): it was claimed",
  );
});

test("so is one that is not there", () => {
  const [witness] = found(enqueue("a"), enqueue("b"), read({ b: ["open", null] }))["lost-job"] ?? [];
  expect(witness?.explanation).toBe(
    "job a of queue/1 was enqueued (index 0) and was not there when everything had ended (index 2)",
  );
});

test("an open job, a done one, and one that may never have been enqueued are not lost", () => {
  const jobs = { a: ["open", null], b: ["done", "d"] };
  expect(found(enqueue("a"), enqueue("b"), enqueue("c", "info"), enqueue("d", "fail"), read(jobs))).toEqual(
    {},
  );
});

test("while others are at work, and in a queue that nobody read, no job is lost", () => {
  expect(found(enqueue("a"), read({ a: ["claimed", "b"] }, "look"))).toEqual({});
  expect(found(enqueue("a", "ok", "queue/2"), read({}))).toEqual({});
  expect(found(enqueue("a"), read({}, "read-at-rest", "info"))).toEqual({});
});
