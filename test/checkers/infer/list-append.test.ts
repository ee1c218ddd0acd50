import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { hashSetOrder } from "../../../src/checkers/infer/list/hash-set-order.ts";
import { concurrent, header, sequential } from "../support/notation.ts";
import { sessions, timeline } from "../support/timeline.ts";

const observed = (texts: readonly string[]): readonly string[] =>
  check(concurrent(texts), { model: "serializable" }).observed;

const strictly = (texts: readonly string[]): readonly string[] =>
  check(sequential(texts), { model: "strict-serializable" }).observed;

describe("anomalies of one transaction", () => {
  test.each([
    ["internal", "its own append is missing", ["ax1", "ax2 rx1"]],
    ["internal", "two reads differ", ["ax1", "ax2", "rx12", "rx1 rx12"]],
    ["internal", "a read and an append do not give the next read", ["ax1", "rx1 ax2 rx2"]],
    ["internal", "a longer suffix of its own", ["ax1", "ax2 ax3 rx13"]],
    ["future-read", "an element it appends later", ["rx1 ax1"]],
    ["duplicate-elements", "an element twice", ["ax1", "rx11"]],
  ])("%s: %s", (type, _, texts) => {
    expect(observed(texts)).toContain(type);
  });

  test.each([
    ["an unknown beginning before its own appends", ["ax1", "ax2 rx12"]],
    ["its own appends on what it read", ["ax1", "rx1 ax2 ax3 rx123"]],
    ["nothing, then its own append", ["rx_ ax1 rx1"]],
    ["the same twice", ["ax1", "rx1 rx1"]],
    ["an element of somebody else, then its own", ["ax1", "rx1 ax2"]],
  ])("none: it sees %s", (_, texts) => {
    expect(observed(texts)).toEqual([]);
  });
});

describe("anomalies between a reader and a writer", () => {
  test.each([
    ["G1a", ["!ax1", "rx1"]],
    ["G1a", ["!ax1", "ax2", "rx12"]],
    ["G1b", ["ax1 ax2", "rx1", "rx12"]],
    ["dirty-update", ["!ax1", "ax2", "rx12"]],
    ["dirty-update", ["!ax1", "?ax3", "ax2", "rx132"]],
    ["incompatible-order", ["ax1", "ax2", "rx12", "rx21"]],
    ["incompatible-order", ["ax1", "ax2", "ax3", "rx123", "rx13"]],
    ["lost-update", ["ax1", "rx1 ax2", "rx1 ax3"]],
    ["lost-update", ["rx ax2", "rx_ ax3"]],
    ["lost-update", ["ax1", "ax2 rx1 ax3", "ax4 rx1 ax5"]],
  ])("%s: %j", (type, texts) => {
    expect(observed(texts)).toContain(type);
  });

  test.each([
    ["a writer of unknown outcome that was seen has committed", ["?ax1", "rx1"]],
    ["the state a transaction leaves is no intermediate one", ["ax1 ax2", "rx12"]],
    ["its own intermediate state", ["ax1 rx1 ax2", "rx12"]],
    ["failed after committed", ["ax1", "!ax2", "rx1"]],
    ["one begins with the other", ["ax1", "ax2", "rx1", "rx12"]],
    ["each update reads another version", ["ax1", "rx1 ax2", "rx12 ax3", "rx123"]],
    ["a failed update loses nothing", ["ax1", "rx1 ax2", "!rx1 ax3"]],
  ])("none: %s", (_, texts) => {
    expect(observed(texts)).toEqual([]);
  });
});

describe("each shape of cycle", () => {
  test.each<[type: string, texts: readonly string[]]>([
    ["G0", ["ax1 ay1", "ax2 ay2", "rx12", "ry21"]],
    ["G1c", ["ax1 ry1", "ay1 rx1"]],
    ["G-single-item", ["ax1 ay1", "rx1 ry"]],
    ["G-nonadjacent-item", ["ax1", "rx1 ry", "ay1", "ry1 rx"]],
    ["G2-item", ["rx ay1", "ry ax1"]],
  ])("%s, of data alone", (type, texts) => {
    expect(observed(texts)).toEqual([type]);
  });

  test.each<[type: string, texts: readonly string[]]>([
    ["G0-process", ["ax1, ax2", "rx21"]],
    ["G1c-process", ["rx1, ax1"]],
    ["G-single-item-process", ["ax1, rx"]],
    ["G-nonadjacent-item-process", ["ax1, ry", "ay1, rx"]],
    ["G2-item-process", ["ax1, ry", "ay1 rx"]],
  ])("%s: %j, one session each", (type, texts) => {
    const history = sessions(texts);
    expect(check(history, { model: "strong-session-serializable" }).observed).toEqual([type]);
    expect(observed(texts.flatMap((session) => session.split(", ")))).toEqual([]);
  });

  test.each<[type: string, texts: readonly string[], moments: string]>([
    ["G0-realtime", ["ax1", "ax2", "rx21"], "(a (c )a (b )b )c"],
    ["G1c-realtime", ["rx1", "ax1"], "(a )a (b )b"],
    ["G-single-item-realtime", ["ax1", "rx"], "(a )a (b )b"],
    ["G-nonadjacent-item-realtime", ["ax1", "ry", "ay1", "ry1 rx"], "(c (d (a )a (b )b )c )d"],
    ["G2-item-realtime", ["ax1", "ry", "ay1 rx"], "(c (a )a (b )b )c"],
  ])("%s: %j at %s", (type, texts, moments) => {
    const history = timeline(texts, moments);
    expect(check(history, { model: "strict-serializable" }).observed).toEqual([type]);
    expect(observed(texts)).toEqual([]);
  });
});

describe("classics", () => {
  test("write skew is G2-item and nothing else", () => {
    expect(observed(["rx ry ax1", "rx ry ay1"])).toEqual(["G2-item"]);
  });

  test("a long fork is G-nonadjacent-item and nothing else", () => {
    expect(observed(["ax1", "ay1", "rx1 ry", "rx ry1"])).toEqual(["G-nonadjacent-item"]);
  });

  test("the read-only anomaly of Fekete, O'Neil and O'Neil (2004) is G2-item: only the reader completes it", () => {
    const writers = ["rx ry ax1", "ry ay1"];
    expect(observed([...writers, "rx ry1"])).toEqual(["G2-item"]);
    expect(observed(writers)).toEqual([]);
  });

  test("a stale read is an anomaly in real time only", () => {
    const texts = ["ax1", "rx"];
    expect(strictly(texts)).toEqual(["G-single-item-realtime"]);
    expect(check(sequential(texts), { model: "serializable" }).observed).toEqual([]);
  });

  test("a write that goes before an earlier one is G0-realtime", () => {
    expect(strictly(["ax1", "ax2", "rx21"])).toContain("G0-realtime");
  });

  test("a read of what is written later is G1c-realtime", () => {
    expect(strictly(["rx1", "ax1"])).toEqual(["G1c-realtime"]);
  });

  test("session order makes the -process types", () => {
    const history = sequential(["ax1", "rx"], { sameProcess: true });
    expect(check(history, { model: "strong-session-snapshot-isolation" }).observed).toEqual([
      "G-single-item-process",
    ]);
    expect(check(sequential(["ax1", "rx"]), { model: "strong-session-snapshot-isolation" }).observed).toEqual(
      [],
    );
  });

  test("an unseen write of unknown outcome orders nothing", () => {
    expect(strictly(["?ax1", "rx", "ax2", "rx2"])).toEqual([]);
  });
});

describe("an operation of unknown outcome", () => {
  test("has committed if its append was seen, and is ordered by it", () => {
    expect(observed(["?ax1 ay1", "rx1 ry"])).toEqual(["G-single-item"]);
    expect(observed(["?ax1 ay1", "ax2 ay2", "rx12", "ry21"])).toEqual(["G0"]);
  });

  test("may not have happened if nobody saw its append", () => {
    expect(observed(["?ax1 ay1", "rx ry", "ax2 ay2", "rx2 ry2"])).toEqual([]);
  });

  test("may happen at any time after it was invoked: it precedes nobody in real time", () => {
    expect(strictly(["?ax1", "rx", "rx1"])).toEqual([]);
    expect(strictly(["rx1", "?ax1"])).toEqual(["G1c-realtime"]);
  });

  test("is the same without a completion", () => {
    const { observed: found } = check(timeline(["ax1 ay1", "rx1 ry"], "(a (b )b"), {
      model: "serializable",
    });
    expect(found).toEqual(["G-single-item"]);
  });

  test("proves something by what it read once its append was seen", () => {
    const told = ["ax1 ay1", "?rx1 ry az1", "rz1"];
    expect(observed(told)).toEqual(["G-single-item"]);
    expect(observed(["ax1 ay1", "?rx1 ry az1", "?rz1 aw1", "rw1"])).toEqual(["G-single-item"]);
  });

  test("proves nothing by what it read as long as it may have aborted", () => {
    expect(observed(["ax1 ay1", "?rx1 ry az1", "rz"])).toEqual([]);
    // Its own element went with it: no order is contradicted.
    expect(observed(["ax1", "?ax5 rx15", "ax6", "rx16"])).toEqual([]);
    expect(observed(["ax1", "?ax5 rx15 ay1", "ax6", "rx16", "ry1"])).toContain("incompatible-order");
  });

  test("did not read null: that only says that nobody told", () => {
    expect(observed(["?ax1 ry_", "ay1 rx1", "ry1"])).toEqual([]);
  });
});

describe("a failed operation", () => {
  test("is no part of any cycle", () => {
    expect(observed(["!ax1 ry1", "ay1 rx"])).toEqual([]);
    expect(observed(["!rx ay1", "ry ax1", "rx1"])).toEqual([]);
  });

  test("still orders what followed upon its element: no edge leads past it", () => {
    expect(observed(["ax1 ay2", "!ax2", "ax3 ay1", "rx123", "ry12"])).toEqual(["G1a", "dirty-update"]);
  });
});

describe("an unread tail", () => {
  test("comes after everything that was seen", () => {
    expect(observed(["ax1", "rx1 ry1", "ax2 ay1"])).toEqual(["G-single-item"]);
    expect(observed(["ax1 ry2", "ax2 ay2", "rx1"])).toEqual(["G-single-item", "G1c"]);
  });

  test("is unordered in itself", () => {
    expect(observed(["ax1", "rx1", "ax2 ay2", "ax3 ay3", "ry32"])).toEqual([]);
    expect(observed(["ax1", "rx1", "ax2 ay2", "ax3 ay3", "ry23"])).toEqual([]);
  });

  test("of a key that nobody read comes after the initial state", () => {
    expect(observed(["rx ay1", "ax1 ry1"])).toEqual([]);
    expect(observed(["rx ry1", "ax1 ay1"])).toEqual(["G-single-item"]);
  });
});

describe("longest reads that contradict each other", () => {
  test("are ordered as Elle takes them, whichever came first", () => {
    // Of the two, [1 2] is the order: its failed element has a committed one on top.
    for (const reads of [
      ["rx12", "rx21"],
      ["rx21", "rx12"],
    ]) {
      expect(observed(["!ax1", "ax2", ...reads])).toContain("dirty-update");
      expect(observed(["ax1", "!ax2", ...reads])).not.toContain("dirty-update");
    }
  });

  test("are ordered by the place that Clojure's hash set gives them", () => {
    // The second of each pair is the one that Elle was seen to take.
    expect(hashSetOrder([1, 3, 2, 4, 6, 9], [1, 3, 2, 4, 9, 5])).toBeLessThan(0);
    expect(hashSetOrder([1, 3, 2, 4, 9, 5], [1, 3, 2, 4, 6, 9])).toBeGreaterThan(0);
    expect(hashSetOrder([2 ** 40, -7, 0], [2 ** 40, -7, 0])).toBe(0);
    expect(hashSetOrder(["1"], [2])).toBe(0);
  });

  test("are ordered by the first of them where their elements are no integers", () => {
    expect(observed(["!axa", "axb", "rxab", "rxba"])).toContain("dirty-update");
    expect(observed(["!axa", "axb", "rxba", "rxab"])).not.toContain("dirty-update");
  });
});

describe("many readers of a last version and many unseen appends", () => {
  const readers = Array.from({ length: 90 }, () => "rx");
  const appenders = Array.from({ length: 60 }, (_, i) => `ax${String.fromCodePoint(0x4e00 + i)}`);

  test("make no cycle by themselves", () => {
    expect(observed([...readers, ...appenders])).toEqual([]);
  });

  test("do make one with a single edge back, and its sentence names the element", () => {
    const verdict = check(concurrent([...readers, ...appenders, "ay1 ax9", "rx ry1"]), {
      model: "serializable",
    });
    expect(verdict.observed).toEqual(["G-single-item"]);
    const [witness] = verdict.anomalies["G-single-item"] ?? [];
    expect(witness?.cycle).toHaveLength(2);
    expect(witness?.steps.map(({ type, key, value }) => [type, key, value])).toEqual(
      expect.arrayContaining([
        ["wr", "y", 1],
        ["rw", "x", 9],
      ]),
    );
  });

  test("readers that append too are no cycle with themselves", () => {
    const both = appenders.map((append) => `sz ${append}`.replace("sz", "rx_"));
    expect(observed([...readers, ...both])).toEqual(["G2-item", "lost-update"]);
    expect(observed([...readers, both[0]!, ...appenders.slice(1)])).toEqual([]);
  });
});

describe("what cannot be judged is unknown", () => {
  test("an element that is appended twice", () => {
    const verdict = check(concurrent(["ax1", "ax1", "rx1"]));
    expect(verdict.valid).toBe("unknown");
    expect(verdict.because).toMatch(/1 was written to "x" more than once \(indices 3 and 4\)/);
  });

  test("an element nobody appended, in a history of others", () => {
    const verdict = check(concurrent(["ax1", "rx2", "ry"]));
    expect(verdict.valid).toBe("unknown");
    expect(verdict.because).toContain("reads 2 from");
  });

  test("the same is garbage in a run of ours, which began empty", () => {
    const verdict = check(concurrent(["ax1", "rx2"], { header: header("mysql", "read-uncommitted") }));
    expect(verdict).toMatchObject({ valid: false, anomalyTypes: ["garbage-read"], not: [], alsoNot: [] });
  });

  test("a read that is no list", () => {
    const verdict = check(concurrent(["ax1"]), { workload: "set" });
    expect(verdict).toMatchObject({ valid: "unknown" });
    expect(verdict.because).toContain('"append"');
  });
});
