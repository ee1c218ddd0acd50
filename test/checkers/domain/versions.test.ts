import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { versions } from "../../../src/checkers/domain/versions.ts";
import type { History } from "../../../src/history/history.ts";
import type { Json, OperationType } from "../../../src/history/operation.ts";
import { type Event, fromEvents, header } from "../support/notation.ts";

interface Row {
  readonly element: string;
  readonly version: number;
}

function register(element: string, version: number | null, type: OperationType = "ok"): Event {
  const data = version === null ? {} : { data: { version } };
  return { process: 0, type, f: "register", value: [["add", "model/1", element]], ...data };
}

function read(rows: readonly Row[], f = "read-at-rest"): Event {
  return {
    process: 1,
    type: "ok",
    f,
    value: [["rs", "model/1", rows.map(({ element }): Json => element)]],
    data: { versions: { "model/1": rows.map(({ version }) => version) } },
  };
}

const result = (...events: Event[]): ReturnType<typeof versions.check> => versions.check(fromEvents(events));

describe("duplicate-version", () => {
  test("two registrations say that they took the same number", () => {
    const { anomalies } = result(register("12.0", 3), register("15.0", 3));
    expect(anomalies["duplicate-version"]).toHaveLength(1);
    expect(anomalies["duplicate-version"]?.[0]?.explanation).toBe(
      "version 3 of model/1 was given to 12.0 (index 0) and to 15.0 (index 1)",
    );
    expect(anomalies["duplicate-version"]?.[0]?.cycle.map(({ index }) => index)).toEqual([0, 1]);
  });

  test("a registration that does not know its number, and a read that does", () => {
    const there = read([
      { element: "a", version: 1 },
      { element: "b", version: 1 },
    ]);
    expect(Object.keys(result(register("a", null), register("b", null), there).anomalies)).toEqual([
      "duplicate-version",
    ]);
  });

  test("what the table holds at rest overrides what an application thought", () => {
    const there = read([
      { element: "a", version: 1 },
      { element: "b", version: 2 },
    ]);
    expect(result(register("a", 1), register("b", 1), there).anomalies).toEqual({});
  });

  test("not by one that failed, or that nobody is sure of", () => {
    expect(result(register("a", 1), register("b", 1, "fail"), register("c", 1, "info")).anomalies).toEqual(
      {},
    );
  });

  test("not across models, nor where no version is known", () => {
    const other: Event = { ...register("b", 1), value: [["add", "model/2", "b"]] };
    expect(result(register("a", 1), other).anomalies).toEqual({});
    expect(result(register("a", null), register("b", null)).anomalies).toEqual({});
  });
});

describe("missing-version", () => {
  test("a committed registration that is not there at rest", () => {
    const { anomalies } = result(register("a", 1), register("b", 2), read([{ element: "b", version: 2 }]));
    expect(anomalies["missing-version"]?.[0]?.explanation).toBe(
      "a was registered in model/1 and committed (index 0), but the read at rest (index 2) does not show it",
    );
  });

  test("is not asked of an ordinary read, nor without any read at rest", () => {
    expect(result(register("a", 1), read([], "read")).anomalies).toEqual({});
    expect(result(register("a", 1)).anomalies).toEqual({});
  });
});

test("a gap is a note", () => {
  const { anomalies, notes } = result(register("a", 1), register("b", 3));
  expect(anomalies).toEqual({});
  expect(notes).toEqual([
    "The versions of model/1 have a gap after 1: no committed registration has version 2.",
  ]);
});

test("gaps of many models are one note", () => {
  const models = ["model/1", "model/2", "model/3"];
  const { notes } = result(
    ...models.flatMap((model, i): Event[] => [
      { ...register(`${i}.a`, 1), value: [["add", model, `${i}.a`]] },
      { ...register(`${i}.b`, i + 2), value: [["add", model, `${i}.b`]] },
    ]),
  );
  expect(notes).toEqual([
    "The versions of 2 models have gaps, those of model/2 after 1: no committed registration has version 2.",
  ]);
});

describe("in a verdict", () => {
  const events = [register("a", 1), register("b", 1)];
  const judged = (history: History): ReturnType<typeof check> => check(history);

  test("the header asks for it, and a broken invariant is invalid and rules out no model", () => {
    const verdict = judged(fromEvents(events, header("postgres", "read-committed", {}, ["versions"])));
    expect(verdict).toMatchObject({
      valid: false,
      anomalyTypes: ["duplicate-version"],
      not: [],
      alsoNot: [],
    });
  });

  test("naive registration at read committed: the application is broken, the database is not accused", () => {
    const naive = (element: string): Event => ({
      process: 0,
      type: "ok",
      f: "register",
      value: [
        ["rs", "model/1", []],
        ["add", "model/1", element],
      ],
      data: { version: 1, versions: { "model/1": [] } },
    });
    const there = read([
      { element: "a", version: 1 },
      { element: "b", version: 1 },
    ]);
    const history = fromEvents(
      [naive("a"), naive("b"), there],
      header("postgres", "read-committed", {}, ["versions"]),
    );
    expect(judged(history)).toMatchObject({
      valid: false,
      model: "read-committed",
      anomalyTypes: ["duplicate-version"],
      observed: ["G2", "duplicate-version"],
      not: ["serializable"],
    });
    expect(check(history, { model: "serializable" }).anomalyTypes).toEqual(["G2", "duplicate-version"]);
  });

  test("nobody asks, nobody answers", () => {
    expect(judged(fromEvents(events, header())).observed).toEqual([]);
  });
});
