import { describe, expect, test } from "vitest";

import { productions } from "../../../src/checkers/domain/productions.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

type Stage = readonly [stage: "staging" | "production", promotedBy: string | null];

const untouched: Stage = ["staging", null];

function promote(version: number, attempt: string, type: OperationType = "ok", model = "model/1"): Event {
  return {
    process: 0,
    type,
    f: "promote",
    value: [["w", `${model}/v${version}`, [null, attempt]]],
    ...(type === "ok" ? { data: { promoted: { [model]: [version, attempt] } } } : {}),
  };
}

function read(stages: readonly Stage[], f = "read-production", type: OperationType = "ok"): Event {
  const shown = Object.fromEntries(stages.map((stage, i) => [`${i + 1}`, stage])) as Json;
  return { process: 1, type, f, value: [], data: { stages: { "model/1": shown } } };
}

const found = (...events: Event[]): ReturnType<typeof productions.check>["anomalies"] =>
  productions.check(fromEvents(events)).anomalies;

describe("several-in-production", () => {
  const both = read([
    ["production", "a"],
    ["production", "b"],
  ]);

  test("names who promoted which version, and who saw it", () => {
    const [witness] = found(promote(1, "a"), promote(2, "b"), both)["several-in-production"] ?? [];
    expect(witness?.explanation).toBe(
      "versions 1 and 2 of model/1 were in production at the same time, as the read-production (index 2) saw: " +
        "version 1 was promoted by a (index 0) and version 2 was promoted by b (index 1)",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test("a promotion whose outcome nobody knows is named, but is no part of the case", () => {
    const [witness] = found(promote(1, "a", "info"), promote(2, "b"), both)["several-in-production"] ?? [];
    expect(witness?.explanation).toContain("version 1 was promoted by a and version 2");
    expect(witness?.cycle.map(({ index }) => index)).toEqual([1, 2]);
  });

  test("one that was there from the beginning counts", () => {
    const anomalies = found(
      read([
        ["production", null],
        ["production", "b"],
      ]),
    );
    expect(anomalies["several-in-production"]?.[0]?.explanation).toContain(
      "version 1 was there from the beginning",
    );
  });

  test("the same case is told once, by the read at rest where there is one", () => {
    const cases = found(both, both, { ...both, f: "read-at-rest" })["several-in-production"] ?? [];
    expect(cases.map(({ explanation }) => explanation)).toEqual([
      expect.stringContaining("the read at rest (index 2)"),
    ]);
  });

  test("a read that did not surely commit shows nothing", () => {
    expect(found({ ...both, type: "info" }, { ...both, type: "fail" })).toEqual({});
  });

  test("one after the other is no case", () => {
    const first: Stage = ["staging", "a"];
    expect(found(promote(1, "a"), promote(2, "b"), read([first, ["production", "b"]]))).toEqual({});
  });
});

describe("none-in-production", () => {
  const none = read([untouched, untouched]);

  test("after a promotion was confirmed", () => {
    const [witness] = found(promote(2, "b"), none)["none-in-production"] ?? [];
    expect(witness?.explanation).toBe(
      "the read-production (index 1) saw no version of model/1 in production, though version 2 had been promoted (index 0)",
    );
  });

  test("after a read saw one", () => {
    const seen = read([["production", null], untouched]);
    expect(found(seen, none)["none-in-production"]?.[0]?.explanation).toContain(
      "though version 1 had been seen in production (index 0)",
    );
  });

  test("where a version was promoted and is no longer in production", () => {
    expect(found(read([["staging", "a"], untouched]))["none-in-production"]?.[0]?.explanation).toContain(
      "though version 1 had been promoted by a",
    );
  });

  test("before the first promotion there may be none", () => {
    expect(found(none, promote(2, "b"))).toEqual({});
    expect(found(promote(2, "b", "info"), none)).toEqual({});
    expect(found(promote(2, "b", "ok", "model/2"), none)).toEqual({});
  });

  test("a read that had begun before the promotion was confirmed may still miss it", () => {
    const invoked: Event = { process: 1, type: "invoke", f: "read-production", value: [] };
    expect(found(invoked, promote(2, "b"), none)).toEqual({});
    expect(Object.keys(found(promote(2, "b"), invoked, none))).toEqual(["none-in-production"]);
  });
});
