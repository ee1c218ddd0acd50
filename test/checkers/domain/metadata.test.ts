import { describe, expect, test } from "vitest";

import { metadata } from "../../../src/checkers/domain/metadata.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents } from "../support/notation.ts";

const key = "model/1/metadata";

interface More {
  readonly type?: OperationType;
  readonly read?: number;
  readonly cause?: string;
  readonly document?: string;
}

function update(attempt: string, { type = "ok", read, cause, document = key }: More = {}): Event {
  const told = read === undefined ? {} : { read: { [document]: read } };
  return {
    process: Number.parseInt(attempt),
    type,
    f: "update-metadata",
    value: [["w", document, [null, attempt]]],
    ...(type === "ok" ? { data: { tagged: { [document]: attempt }, ...told } } : {}),
    ...(cause === undefined ? {} : { error: { cause } }),
  };
}

function atRest(tags: Json, f = "read-at-rest"): Event {
  return { process: 99, type: "ok", f, value: [], data: { tags: { [key]: tags } } };
}

const check = (...events: Event[]): ReturnType<typeof metadata.check> => metadata.check(fromEvents(events));
const found = (...events: Event[]): ReturnType<typeof metadata.check>["anomalies"] =>
  check(...events).anomalies;

describe("lost-metadata-update", () => {
  test("not where the read at rest shows no list of tags", () => {
    expect(found(update("1.0"), atRest(null))).toEqual({});
  });

  test("a committed tag that is gone, and who had read the same version", () => {
    const [witness, ...more] =
      found(
        update("1.0", { read: 4 }),
        update("2.0", { read: 4 }),
        update("3.0", { read: 5 }),
        atRest(["2.0", "3.0"]),
      )["lost-metadata-update"] ?? [];
    expect(more).toEqual([]);
    expect(witness?.explanation).toBe(
      "1.0 added its tag to model/1/metadata and committed (index 0), " +
        "and the read at rest (index 3) does not show it: 2.0 (index 1) had read version 4 as well",
    );
    expect(witness?.cycle.map(({ index }) => index)).toEqual([0, 1, 3]);
  });

  test("where nobody else had read that version, or nobody knows which it was", () => {
    const alone = found(
      update("1.0", { read: 4 }),
      update("2.0", { read: 3 }),
      update("3.0"),
      atRest(["2.0"]),
    );
    expect(alone["lost-metadata-update"]?.map(({ cycle }) => cycle.map(({ index }) => index))).toEqual([
      [0, 3],
      [2, 3],
    ]);
  });

  test("one that failed, or that nobody is sure of, is not missed", () => {
    expect(found(update("1.0", { type: "fail" }), update("2.0", { type: "info" }), atRest([]))).toEqual({});
  });

  test("nor one of another document, nor one that an ordinary read does not show yet", () => {
    expect(found(update("1.0", { document: "model/2/metadata" }), atRest([]))).toEqual({});
    expect(found(update("1.0"), atRest([], "read-metadata"))).toEqual({});
    expect(found({ ...update("1.0"), f: "tag" }, atRest([]))).toEqual({});
  });

  test("tags that are there are there, whoever added them", () => {
    expect(found(update("1.0"), update("2.0", { type: "info" }), atRest(["1.0", "2.0", "9.9"]))).toEqual({});
  });
});

describe("the note on attempts", () => {
  test("counts attempts by operation, failures by cause, and operations that came to nothing", () => {
    const stale = { type: "fail", cause: "stale-version" } as const;
    expect(
      check(
        update("1.0", stale),
        update("1.1", stale),
        update("1.2"),
        update("2.0", { type: "fail", cause: "deadlock" }),
        update("3.0", stale),
        update("3.1", { type: "info", cause: "connection-lost" }),
        update("4.0", { type: "invoke" }),
        atRest(["1.2"]),
      ).notes,
    ).toEqual([
      '4 operations "update-metadata" took 7 attempts: 1 ended in deadlock and 3 ended in stale-version. ' +
        "1 operation was given up.",
    ]);
  });

  test("an invocation that was completed counts once", () => {
    const failed = update("1.0", { type: "fail", cause: "stale-version" });
    expect(check(update("1.0", { type: "invoke" }), failed).notes).toEqual([
      '1 operation "update-metadata" took 1 attempt: 1 ended in stale-version. 1 operation was given up.',
    ]);
  });

  test("is left out where no attempt failed", () => {
    expect(check(update("1.0"), update("2.0", { type: "info" })).notes).toEqual([]);
    expect(check({ ...update("1.0", { type: "fail", cause: "deadlock" }), f: "other" }).notes).toEqual([]);
  });
});
