import { describe, expect, test } from "vitest";

import { counter } from "../../../src/checkers/domain/counter.ts";
import type { OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function increment(attempt: string, type: OperationType = "ok", counted?: number, key = "counter/1"): Event {
  return {
    process: Number(attempt),
    type,
    f: "increment",
    value: [["w", key, [null, attempt]]],
    ...(counted === undefined ? {} : { data: { counted: { [key]: counted } } }),
  };
}

function atRest(count: number, f = "read-at-rest"): Event {
  return { process: 9, type: "ok", f, value: [], data: { counts: { "counter/1": count } } };
}

const found = (...events: Event[]): ReturnType<typeof counter.check>["anomalies"] =>
  counter.check(fromEvents(events)).anomalies;

describe("lost-increment", () => {
  test("less at rest than were committed, and who wrote the same count", () => {
    const [witness] =
      found(increment("0", "ok", 1), increment("1", "ok", 2), increment("2", "ok", 2), atRest(2))[
        "lost-increment"
      ] ?? [];
    expect(witness?.explanation).toBe(
      "counter/1 held 2 when everything had ended (index 3), though 3 increments of it were committed: " +
        "index 1 and index 2 each wrote 2",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([1, 2, 3]);
  });

  test("where nobody knows which count was written", () => {
    const [witness] = found(increment("0"), increment("1"), atRest(1))["lost-increment"] ?? [];
    expect(witness?.cycle.map(({ index }) => index)).toEqual([2]);
  });

  test("one that failed, or that nobody is sure of, is not missed", () => {
    expect(found(increment("0"), increment("1", "fail"), increment("2", "info"), atRest(1))).toEqual({});
  });

  test("nor one of another counter, nor one that an ordinary read does not show yet", () => {
    expect(found(increment("0"), increment("1", "ok", 1, "counter/2"), atRest(1))).toEqual({});
    expect(found(increment("0"), increment("1"), atRest(1, "read"))).toEqual({});
  });
});

describe("extra-increment", () => {
  test("more at rest than may have been committed", () => {
    const [witness] = found(increment("0"), increment("1", "fail"), atRest(2))["extra-increment"] ?? [];
    expect(witness?.explanation).toBe(
      "counter/1 held 2 when everything had ended (index 2), though at most 1 of its increments were committed",
    );
  });

  test("one of unknown outcome may have counted, whether its end is told or not", () => {
    expect(found(increment("0"), increment("1", "info"), atRest(2))).toEqual({});
    expect(found(increment("0"), increment("1", "invoke"), atRest(2))).toEqual({});
    expect(Object.keys(found(increment("0"), increment("1", "info"), atRest(3)))).toEqual([
      "extra-increment",
    ]);
  });

  test("a counter that nobody incremented", () => {
    expect(found(atRest(0))).toEqual({});
    expect(Object.keys(found(atRest(1)))).toEqual(["extra-increment"]);
  });
});
