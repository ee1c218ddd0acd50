import { describe, expect, test } from "vitest";

import { metrics } from "../../../src/checkers/domain/metrics.ts";
import type { OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

const names = ["accuracy", "recall"];

function log(attempt: string, type: OperationType = "ok", model = "model/1"): Event {
  return {
    process: 0,
    type,
    f: "log-metrics",
    value: [["add", `${model}/accuracy`, attempt]],
    ...(type === "ok" ? { data: { logged: { [model]: [attempt, names] } } } : {}),
  };
}

type Pair = readonly [attempt: string, name: string];

function read(pairs: readonly Pair[], f = "read-metrics", type: OperationType = "ok"): Event {
  return { process: 1, type, f, value: [], data: { metrics: { "model/1": pairs } } };
}

const atRest = (...pairs: readonly Pair[]): Event => read(pairs, "read-at-rest");
const half: Pair = ["a", "accuracy"];
const all: readonly Pair[] = [half, ["a", "recall"]];

const found = (...events: Event[]): ReturnType<typeof metrics.check>["anomalies"] =>
  metrics.check(fromEvents(events)).anomalies;

describe("fractured-batch", () => {
  test("names the batch, what was seen of it and what was not", () => {
    const [witness] = found(read([half]), log("a"))["fractured-batch"] ?? [];
    expect(witness?.explanation).toBe(
      "the read-metrics (index 0) saw accuracy of the batch that a (index 1) logged for model/1, but not its recall",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([1, 0]);
  });

  test("the same part of a batch is told once", () => {
    expect(found(log("a"), read([half]), read([half]))["fractured-batch"]).toHaveLength(1);
    expect(found(log("a"), read([half]), read([["a", "recall"]]))["fractured-batch"]).toHaveLength(2);
  });

  test("all of a batch, or nothing of it, is no case", () => {
    expect(found(log("a"), read(all), read([]))).toEqual({});
  });

  test("a batch of another model is not looked for", () => {
    expect(found(log("a", "ok", "model/2"), read([half]))).toEqual({});
  });

  test("a batch that did not surely commit, or a read that did not, is not judged", () => {
    expect(found(log("a", "info"), read([half]))).toEqual({});
    expect(found(log("a", "fail"), read([half]))).toEqual({});
    expect(found(log("a"), read([half], "read-metrics", "info"), read([half], "x", "fail"))).toEqual({});
  });
});

describe("missing-metric", () => {
  test("a metric of a committed batch that is not there at rest", () => {
    const anomalies = found(log("a"), atRest(half));
    expect(Object.keys(anomalies)).toEqual(["missing-metric"]);
    const [witness] = anomalies["missing-metric"] ?? [];
    expect(witness?.explanation).toBe(
      "a (index 0) logged recall for model/1 and committed, but the read at rest (index 1) does not show it",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1]);
  });

  test("a whole batch", () => {
    expect(found(log("a"), atRest())["missing-metric"]?.[0]?.explanation).toContain("accuracy and recall");
  });

  test("not of another model, of a failed or unknown batch, or for a read before the end", () => {
    expect(found(log("a", "ok", "model/2"), atRest())).toEqual({});
    expect(found(log("a", "fail"), log("b", "info"), atRest())).toEqual({});
    expect(found(log("a"), read([]))).toEqual({});
  });
});

describe("extra-metric", () => {
  test("a metric that is there twice", () => {
    const anomalies = found(log("a"), atRest(half, ...all));
    expect(Object.keys(anomalies)).toEqual(["extra-metric"]);
    const [witness] = anomalies["extra-metric"] ?? [];
    expect(witness?.explanation).toBe(
      "a (index 0) logged accuracy for model/1 once, but the read at rest (index 1) shows it more often",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1]);
  });

  test("of a batch whose outcome nobody knows, it is one too many all the same", () => {
    const [witness] = found(log("a", "info"), atRest(half, half))["extra-metric"] ?? [];
    expect(witness?.explanation).toContain("a logged accuracy");
    expect(witness?.cycle.map(({ index }) => index)).toEqual([1]);
  });

  test("a metric of a batch that failed", () => {
    const [witness] = found(log("a", "fail"), atRest(half))["extra-metric"] ?? [];
    expect(witness?.explanation).toBe(
      "the read at rest (index 1) shows accuracy of model/1 by a, which failed (index 0)",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1]);
  });

  test("what an unknown batch left, or a read before the end showed, is not too much", () => {
    expect(found(log("a", "info"), atRest(half))).toEqual({});
    expect(found(log("a", "fail"), read([half]))).toEqual({});
    expect(found(log("a"), read([half, ...all]))).toEqual({});
  });
});
