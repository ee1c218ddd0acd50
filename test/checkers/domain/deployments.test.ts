import { describe, expect, test } from "vitest";

import { deployments } from "../../../src/checkers/domain/deployments.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

function deploy(attempt: string, type: OperationType = "ok"): Event {
  return { process: 0, type, f: "deploy", value: [["add", "model/1", attempt]] };
}

interface State {
  readonly version: number;
  readonly stage?: string;
  readonly promoted?: boolean;
  readonly described?: boolean;
}

function read(states: Readonly<Record<string, State>>, f = "read-model", type: OperationType = "ok"): Event {
  const shown = Object.entries(states).map(([attempt, state]): Json => [
    attempt,
    { stage: "production", promoted: true, described: true, ...state },
  ]);
  return { process: 1, type, f, value: [], data: { deployments: { "model/1": shown } } };
}

const found = (...events: Event[]): ReturnType<typeof deployments.check>["anomalies"] =>
  deployments.check(fromEvents(events)).anomalies;

describe("half-deployed", () => {
  const undescribed = read({ a: { version: 1, described: false } });

  test("a version in production without metadata", () => {
    const [witness] = found(deploy("a"), undescribed)["half-deployed"] ?? [];
    expect(witness?.explanation).toBe(
      "version 1 of model/1, deployed by a at index 0, was in production and had no metadata, as the read-model (index 1) saw",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1]);
  });

  test("one that was only registered", () => {
    const registered = read({ a: { version: 1, stage: "staging", promoted: false, described: false } });
    expect(found(registered)["half-deployed"]?.[0]?.explanation).toBe(
      "version 1 of model/1, deployed by a, had not been put into production and had no metadata, as the read-model (index 0) saw",
    );
  });

  test("one that was never put into production", () => {
    const promoted = read({ a: { version: 1, stage: "staging", promoted: false } });
    expect(Object.keys(found(promoted))).toEqual(["half-deployed"]);
  });

  test("whatever became of the deployment", () => {
    const [unknown] = found(deploy("a", "info"), undescribed)["half-deployed"] ?? [];
    expect(unknown?.cycle.map(({ index }) => index)).toEqual([0, 1]);
    const [failed] = found(deploy("a", "fail"), undescribed)["half-deployed"] ?? [];
    expect(failed?.cycle.map(({ index }) => index)).toEqual([1]);
  });

  test("the same half is told once, by the read at rest where there is one", () => {
    const atRest = { ...undescribed, f: "read-at-rest" };
    expect(
      found(undescribed, undescribed, atRest)["half-deployed"]?.map(({ explanation }) => explanation),
    ).toEqual([expect.stringContaining("the read at rest (index 2)")]);
  });

  test("all of it, or all of it and replaced since, is no case", () => {
    expect(found(deploy("a"), read({ a: { version: 1 } }))).toEqual({});
    expect(found(read({ a: { version: 1, stage: "staging" }, b: { version: 2 } }))).toEqual({});
  });

  test("a read that did not surely commit shows nothing", () => {
    expect(found({ ...undescribed, type: "info" }, { ...undescribed, type: "fail" })).toEqual({});
  });
});

describe("outdated-in-production", () => {
  test("an earlier version took the place of a later one", () => {
    const anomalies = found(
      deploy("a"),
      deploy("b"),
      read({ a: { version: 1 }, b: { version: 2, stage: "staging" } }),
    );
    expect(Object.keys(anomalies)).toEqual(["outdated-in-production"]);
    const [witness] = anomalies["outdated-in-production"] ?? [];
    expect(witness?.explanation).toBe(
      "version 1 of model/1 (a at index 0) was in production, as the read-model (index 2) saw, " +
        "though the later version 2 (b at index 1) had been put there",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test("a later version that was never put there takes no place", () => {
    const states = { a: { version: 1 }, b: { version: 2, stage: "staging", promoted: false } };
    expect(Object.keys(found(read(states)))).toEqual(["half-deployed"]);
  });

  test("the same version is told once", () => {
    const both = read({ a: { version: 1 }, b: { version: 2, stage: "staging" } });
    expect(found(both, both)["outdated-in-production"]).toHaveLength(1);
  });
});
