import { describe, expect, test } from "vitest";

import { check, type CheckOptions } from "../../../src/checkers/check.ts";
import type { Verdict } from "../../../src/checkers/verdict.ts";
import { event, fromEvents, header } from "../support/notation.ts";
import { concurrentEvents, concurrently, inOneProcess, oneByOne, serialEvents } from "./register-notation.ts";

const together = (texts: readonly string[], options: CheckOptions = {}): readonly string[] =>
  check(concurrently(texts), { model: "serializable", ...options }).observed;

const inOrder = (texts: readonly string[], options: CheckOptions = {}): readonly string[] =>
  check(oneByOne(texts), { model: "strict-serializable", ...options }).observed;

describe("anomalies of one transaction", () => {
  test.each([
    ["a read differs from its own write", ["wx1 rx2", "wx2"]],
    ["its own write is missing", ["wx1 rx"]],
    ["two reads differ", ["wx1", "wx2", "rx1 rx2"]],
    ["null, then a value", ["wx1", "rx rx1"]],
    ["a value, then null", ["wx1", "rx1 rx"]],
  ])("internal: %s", (_, texts) => {
    expect(together(texts)).toContain("internal");
  });

  test.each([
    ["its own write", ["wx1 rx1"]],
    ["its own last write", ["wx1 wx2 rx2"]],
    ["a value, then what it made of it", ["wx1", "rx1 wx2 rx2"]],
    ["the same twice", ["wx1", "rx1 rx1"]],
  ])("none: it reads %s", (_, texts) => {
    expect(together(texts)).toEqual([]);
  });
});

describe("anomalies between a reader and a writer", () => {
  test.each([
    ["G1a", ["!wx1", "rx1"]],
    ["G1a", ["!wx1", "wx2 rx1"]],
    ["G1b", ["wx1 wx2", "rx1"]],
    ["G1b", ["?wx1 wx2", "rx1"]],
    ["lost-update", ["wx1", "rx1 wx2", "rx1 wx3"]],
    ["lost-update", ["rx wx2", "rx wx3"]],
    ["lost-update", ["wx1", "rx1 rx1 wx2", "rx1 wx3 wx4"]],
  ])("%s: %j", (type, texts) => {
    expect(together(texts)).toContain(type);
  });

  test.each([
    ["a writer of unknown outcome that was seen has committed", ["?wx1", "rx1"]],
    ["the value a transaction leaves behind is no intermediate one", ["wx1 wx2", "rx2"]],
    ["its own intermediate value", ["wx1 rx1 wx2"]],
    ["a failed update loses nothing", ["wx1", "rx1 wx2", "!rx1 wx3"]],
    ["an update of unknown outcome may have lost nothing", ["wx1", "rx1 wx2", "?rx1 wx3"]],
    ["a read after the write is no reason for it", ["wx1", "rx1 wx2", "wx3 rx3"]],
    ["each update replaces another value", ["wx1", "rx1 wx2", "rx2 wx3"]],
  ])("none: %s", (_, texts) => {
    expect(together(texts)).toEqual([]);
  });
});

describe("cycles", () => {
  test("write skew is G2-item and nothing else", () => {
    expect(together(["rx ry wx1", "rx ry wy1"])).toEqual(["G2-item"]);
  });

  test("a fractured read is G-single-item", () => {
    expect(together(["wx1 wy1", "rx1 ry"])).toEqual(["G-single-item"]);
  });

  test("a long fork is G-nonadjacent-item and nothing else", () => {
    expect(together(["wx1", "wy1", "rx1 ry", "rx ry1"])).toEqual(["G-nonadjacent-item"]);
  });

  test("two that see each other are G1c", () => {
    expect(together(["wx1 ry1", "wy1 rx1"])).toEqual(["G1c"]);
  });

  test("the read-only anomaly of Fekete, O'Neil and O'Neil (2004) is G2-item: only the reader completes it", () => {
    const writers = ["rx ry wx1", "ry wy1"];
    expect(together([...writers, "rx ry1"])).toEqual(["G2-item"]);
    expect(together(writers)).toEqual([]);
  });

  test("a stale read of null is an anomaly in real time only", () => {
    expect(inOrder(["wx1", "rx"])).toEqual(["G-single-item-realtime"]);
    expect(inOrder(["wx1", "rx"], { model: "serializable" })).toEqual([]);
  });

  test("an unseen write of unknown outcome depends on nothing", () => {
    expect(inOrder(["?wx1", "rx", "wx2", "rx2"])).toEqual([]);
  });

  test("nor does one that was seen: who saw it may not be after the others", () => {
    expect(together(["?wx1 wy1", "rx1 ry", "wz1", "rz1"])).toEqual([]);
  });
});

describe("the order of versions", () => {
  const lin = { linearizableKeys: true };
  const seq = { sequentialKeys: true };
  const wfr = { wfrKeys: true };

  test("a stale read of a value shows with linearizable keys only", () => {
    const texts = ["wx1", "wx2", "rx1"];
    expect(inOrder(texts)).toEqual([]);
    expect(inOrder(texts, lin)).toEqual(["cyclic-versions"]);
  });

  test("an old value beside a new one is a fractured read, if real time orders them", () => {
    const history = fromEvents([
      event(9, "invoke", [["r", "x", null], ["r", "y", null]]), // prettier-ignore
      ...serialEvents(["wx1 wy1", "wx2 wy2"]),
      event(9, "ok", [["r", "x", 1], ["r", "y", 2]]), // prettier-ignore
    ]);
    expect(check(history, { model: "serializable" }).observed).toEqual([]);
    expect(check(history, { model: "serializable", ...lin }).observed).toEqual(["G-single-item"]);
  });

  test("a process that sees a key go back refutes sequential keys", () => {
    const texts = ["wx1", "wx2", "rx1"];
    const history = inOneProcess(texts);
    expect(check(history, { model: "serializable", ...seq }).observed).toEqual(["cyclic-versions"]);
    expect(inOrder(texts, { model: "serializable", ...seq })).toEqual([]);
  });

  test("session order goes over transactions that leave the key alone", () => {
    const history = inOneProcess(["wx1", "ry", "wz1", "rx"]);
    expect(check(history, { model: "serializable", ...seq }).observed).toEqual(["cyclic-versions"]);
  });

  test("an update replaces what it read, if writes follow reads", () => {
    const texts = ["wx1", "rx1 wx2 wy1", "rx1 ry1"];
    expect(together(texts)).toEqual([]);
    expect(together(texts, wfr)).toEqual(["G-single-item"]);
  });

  test("updates in a circle refute that writes follow reads, and the other orders are still used", () => {
    const texts = ["rx2 wx1", "rx1 wx2"];
    expect(together(texts)).toEqual(["G1c"]);
    expect(together(texts, wfr)).toEqual(["G1c", "cyclic-versions"]);
    const later = ["wy1", "wy2", "ry1"];
    const both = fromEvents([...concurrentEvents(texts), ...serialEvents(later, 10)]);
    const verdict = check(both, { model: "serializable", ...wfr, ...lin });
    const circles = verdict.anomalies["cyclic-versions"] ?? [];
    expect(circles.map(({ explanation }) => explanation).join(" ")).toMatch(/of x .*of y /);
  });

  test("a refuted order is not used for any key", () => {
    const texts = ["wy1", "ry1 wy2 wz1", "ry1 rz1"];
    expect(together(texts, wfr)).toEqual(["G-single-item"]);
    expect(together([...texts, "rx2 wx1", "rx1 wx2"], wfr)).toEqual(["G1c", "cyclic-versions"]);
  });

  test("a transaction that finds its own later write is before itself, if writes follow reads", () => {
    expect(together(["rx1 wx1", "rx1"], wfr)).toContain("G1c");
  });

  test("the circle's witness names who read and wrote the versions", () => {
    const verdict = check(oneByOne(["wx1", "wx2", "rx1", "wy1"]), { ...lin });
    const [witness] = verdict.anomalies["cyclic-versions"] ?? [];
    expect(witness?.cycle.map(({ index }) => index)).toEqual([1, 3, 5]);
    expect(verdict.not).toEqual(["read-uncommitted"]);
  });
});

describe("many readers and writers of one key", () => {
  const readers = Array.from({ length: 30 }, () => "rx");
  const writers = Array.from({ length: 30 }, (_, i) => `wx${i + 10}`);
  const updates = Array.from({ length: 70 }, (_, i) => `rx wx${i + 100}`);

  test("make no cycle by themselves, and none with one update", () => {
    expect(together([...readers, ...writers])).toEqual([]);
    expect(together([...readers, ...writers, "rx wx1"])).toEqual([]);
  });

  test("do make one with a single edge back", () => {
    const verdict = check(concurrently([...readers, ...writers, "wy1 wx9", "rx ry1"]), {
      model: "serializable",
    });
    expect(verdict.observed).toEqual(["G-single-item"]);
    const [witness] = verdict.anomalies["G-single-item"] ?? [];
    expect(witness?.steps.map(({ type, key, value }) => [type, key, value])).toEqual(
      expect.arrayContaining([
        ["wr", "y", 1],
        ["rw", "x", 9],
      ]),
    );
  });

  test("updates of one version exclude each other, and none itself", () => {
    expect(together([...updates, ...readers])).toEqual(["G2-item", "lost-update"]);
    expect(together(["rx wx1", ...readers, ...writers])).toEqual([]);
  });
});

describe("what cannot be judged is unknown", () => {
  const reason = (verdict: Verdict): readonly [unknown, string] => [verdict.valid, verdict.because ?? ""];

  test("a value written twice, and the other keys are judged all the same", () => {
    const texts = ["wx1", "wx1", "rx1", "wy1", "ry1"];
    const [valid, because] = reason(check(concurrently(texts)));
    expect(valid).toBe("unknown");
    expect(because).toContain('1 was written to "x" more than once (indices 5 and 6)');
    expect(together([...texts, "wz1 wz2", "rz1"])).toEqual(["G1b"]);
  });

  test("a value nobody wrote, where the run may not have begun empty", () => {
    const [valid, because] = reason(check(concurrently(["wx1", "rx1", "rx7"])));
    expect(valid).toBe("unknown");
    expect(because).toContain("index 5 read 7 in x");
  });

  test("where it began empty, that is a garbage-read", () => {
    const history = concurrently(["wx1", "rx7"], header("postgres", "read-committed"));
    expect(check(history)).toMatchObject({ valid: false, anomalyTypes: ["garbage-read"], not: [] });
  });

  test("but not a write whose invocation cannot be matched with its completion", () => {
    const history = fromEvents([
      event(0, "invoke", [["r", "x", null]]),
      event(0, "invoke", [["w", "x", 1]]),
      event(0, "ok", [["w", "x", 1]]),
      event(0, "ok", [["r", "x", 1]]),
    ]);
    expect(check(history, { model: "serializable" })).toMatchObject({ valid: true, observed: [] });
  });

  test("a list in a register", () => {
    const history = fromEvents([event(0, "ok", [["w", "x", 1]]), event(1, "ok", [["r", "x", [1]]])]);
    const [valid, because] = reason(check(history, { workload: "rw-register" }));
    expect(valid).toBe("unknown");
    expect(because).toContain("reads no plain value");
  });
});

describe("several kinds of objects in one history", () => {
  const mixed = [
    event(0, "ok", [["append", "l", 1], ["w", "x", 1]]), // prettier-ignore
    event(1, "ok", [["r", "l", [1]], ["r", "x", null]]), // prettier-ignore
    event(2, "ok", [["r", "never", null]]),
  ];

  test("each key is read as what it is written as, and cycles go over all", () => {
    const verdict = check(fromEvents(mixed), { model: "serializable" });
    expect(verdict).toMatchObject({ valid: false, observed: ["G-single-item"] });
  });

  test("a key that is written in two ways is not judged", () => {
    const history = fromEvents([...mixed, event(3, "ok", [["append", "x", 5]])]);
    const verdict = check(history, { model: "serializable" });
    expect(verdict.valid).toBe("unknown");
    expect(verdict.because).toContain('"x" is written in ways that do not go together');
  });

  test("with one asked for, everything is of that kind", () => {
    const verdict = check(fromEvents(mixed), { model: "serializable", workload: "rw-register" });
    expect(verdict.because).toContain('does not understand micro-operations of the kind "append"');
  });
});
