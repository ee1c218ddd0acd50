import { describe, expect, test } from "vitest";

import { check } from "../../src/checkers/check.ts";
import { defaultModel } from "../../src/checkers/default-model.ts";
import { type DatabaseKind, isolationLevels } from "../../src/history/header.ts";
import { concurrent, event, fromEvents, header, sequential } from "./support/notation.ts";

describe("the default model", () => {
  const models = (kind: DatabaseKind): string[] =>
    isolationLevels.map((level) => defaultModel(header(kind, level)));

  test("is what each server promises at each level", () => {
    expect(models("postgres")).toEqual([
      "read-committed",
      "read-committed",
      "snapshot-isolation",
      "serializable",
    ]);
    const innodb = ["read-uncommitted", "read-committed", "read-committed", "serializable"];
    expect(models("mysql")).toEqual(innodb);
    expect(models("mariadb")).toEqual(innodb);
  });

  test("is snapshot isolation where InnoDB's setting makes it so", () => {
    const level = (value: string): string =>
      defaultModel(header("mariadb", "repeatable-read", { innodb_snapshot_isolation: value }));
    expect(["ON", "1", "OFF"].map(level)).toEqual([
      "snapshot-isolation",
      "snapshot-isolation",
      "read-committed",
    ]);
  });

  test("is strict serializability for a history of others", () => {
    expect(check(sequential(["ax1", "rx"]))).toMatchObject({ valid: false, model: "strict-serializable" });
  });

  test("gives way to the one asked for", () => {
    expect(check(sequential(["ax1", "rx"]), { model: "serializable" })).toMatchObject({
      valid: true,
      model: "serializable",
    });
  });
});

describe("a history that proves too little is unknown", () => {
  test.each([
    ["nothing in it", []],
    ["nothing committed", ["!ax1", "?ax2"]],
    ["no dependency", ["ax1", "ry"]],
  ])("%s", (_, texts) => {
    const verdict = check(concurrent(texts), { model: "serializable" });
    expect(verdict).toMatchObject({ valid: "unknown", anomalyTypes: [], not: [], alsoNot: [] });
    expect(verdict.because).toBeTypeOf("string");
  });

  test("an operation that was attempted and never succeeded", () => {
    const history = fromEvents([
      event(0, "ok", [["append", "x", 1]]),
      event(1, "ok", [["r", "x", [1]]]),
      { ...event(2, "fail", [["append", "x", 2]]), f: "transfer" },
    ]);
    expect(check(history)).toMatchObject({
      valid: "unknown",
      because:
        "The operation transfer was attempted 1 times and never surely succeeded, so nothing is proven of it.",
    });
  });

  test("a run of ours without dependencies is not: it committed what it planned", () => {
    expect(check(concurrent(["ax1", "ry"], { header: header() })).valid).toBe(true);
  });

  test.each([
    ["nothing was done", []],
    ["nothing but reads at rest", [{ ...event(0, "ok", [["r", "x", []]]), f: "read-at-rest" }]],
  ])("a run of ours in which %s", (_, events) => {
    expect(check(fromEvents(events, header()))).toMatchObject({
      valid: "unknown",
      because: "No operation surely succeeded, so the history proves nothing.",
    });
  });

  test("a check that does not exist", () => {
    const verdict = check(concurrent(["ax1", "rx1"]), { checks: ["astrology"] });
    expect(verdict).toMatchObject({
      valid: "unknown",
      because: expect.stringContaining("astrology") as string,
    });
  });

  test("an anomaly outweighs every doubt, and the doubt becomes a note", () => {
    const verdict = check(concurrent(["ax1", "rx1", "!ax2", "rx2"]), { checks: ["astrology"] });
    expect(verdict.valid).toBe(false);
    expect(verdict.because).toBeUndefined();
    expect(verdict.notes.join()).toContain("astrology");
  });
});

describe("what is found is judged by the model", () => {
  const skew = ["rx ay1", "ry ax1"];

  test("allowed: valid, observed, and no model is named", () => {
    expect(check(concurrent(skew), { model: "snapshot-isolation" })).toMatchObject({
      valid: true,
      anomalyTypes: [],
      observed: ["G2-item"],
      not: [],
      alsoNot: [],
    });
  });

  test("forbidden: invalid", () => {
    expect(check(concurrent(skew), { model: "repeatable-read" })).toMatchObject({
      valid: false,
      anomalyTypes: ["G2-item"],
      not: ["repeatable-read"],
      alsoNot: ["serializable", "strong-serializable", "strong-session-serializable"],
    });
  });
});

test("counts the clients' operations, an unfinished one as info, and nobody else's", () => {
  const history = fromEvents([
    event("nemesis", "info", "kill"),
    event(0, "invoke", [["append", "x", 1]]),
    event(1, "invoke", [["append", "x", 2]]),
    event(0, "ok", [["append", "x", 1]]),
  ]);
  expect(check(history).counts).toEqual({
    ok: 1,
    fail: 0,
    info: 1,
    byF: { txn: { ok: 1, fail: 0, info: 1 } },
  });
});

test("what a nemesis did is no transaction, whatever it looks like", () => {
  const history = fromEvents([
    event("nemesis", "info", [["kill", "n1", null]]),
    event(0, "ok", [["append", "x", 1]]),
    event(1, "ok", [["r", "x", [1]]]),
  ]);
  expect(check(history)).toMatchObject({ valid: true, counts: { info: 0 } });
});

test("an unfinished transaction that was seen has committed", () => {
  const history = fromEvents([event(0, "invoke", [["append", "x", 1]]), event(1, "ok", [["r", "x", [1]]])]);
  expect(check(history)).toMatchObject({ valid: true, observed: [] });
});

test("a witness says who, why, and the whole in words", () => {
  const { anomalies } = check(concurrent(["ax1 ay1", "rx1 ry"]), { model: "serializable" });
  const [witness] = anomalies["G-single-item"] ?? [];
  expect(witness?.cycle.map(({ index }) => index)).toEqual([3, 2]);
  expect(witness?.steps).toEqual([
    {
      type: "rw",
      key: "y",
      value: 1,
      explanation: "T1 did not see T2's append of 1 to y, though T2 committed it: T1 read []",
    },
    { type: "wr", key: "x", value: 1, explanation: "T1 saw T2's append of 1 to x: it read [1]" },
  ]);
  expect(witness?.explanation).toContain(
    "T1 is txn by process 1 (index 3) and T2 is txn by process 0 (index 2)",
  );
});

test("a real-time step names both moments", () => {
  const { anomalies } = check(sequential(["ax1", "rx"]));
  const sentences = anomalies["G-single-item-realtime"]?.[0]?.steps.map(({ explanation }) => explanation);
  expect(sentences).toContain("T2 completed (index 1) before T1 was invoked (index 2)");
});

test("every anomaly carries at most a few witnesses, each with a sentence", () => {
  const history = concurrent(Array.from({ length: 9 }, (_, i) => [`!ax${i}`, `rx${i}`]).flat());
  const { anomalies } = check(history, { model: "read-committed" });
  expect(anomalies.G1a).toHaveLength(3);
  expect(anomalies.G1a?.[0]?.explanation).toMatch(
    /T1 saw T2's append of \d to x \(it read \[\d\]\), and T2 failed/,
  );
});

test("the same history gives the same verdict", () => {
  const history = concurrent(["ax1 ay1", "ax2 ay2", "rx12", "ry21", "rx ry"]);
  expect(JSON.stringify(check(history))).toBe(JSON.stringify(check(history)));
});

test("what does not exist is refused with the choices", () => {
  const history = concurrent(["ax1"]);
  expect(() => check(history, { model: "perfect" })).toThrow(/no consistency model "perfect"/);
  expect(() => check(history, { workload: "perfect" })).toThrow(/no checker "perfect".*list-append/);
});
