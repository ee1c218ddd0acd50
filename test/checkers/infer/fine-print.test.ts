import { describe, expect, test } from "vitest";

import { check, type CheckOptions } from "../../../src/checkers/check.ts";
import type { Mop } from "../../../src/history/operation.ts";
import { concurrent, event, type Event, fromEvents } from "../support/notation.ts";
import { timeline } from "../support/timeline.ts";
import { concurrently } from "./register-notation.ts";
import { rows } from "./row-notation.ts";

const model = "serializable";

describe("of transactions", () => {
  test("one that committed and does not say what it did is not taken to have done what it was asked", () => {
    const history = fromEvents([
      event(0, "invoke", [["append", "x", 1]]),
      event(0, "ok", null),
      event(1, "invoke", [["r", "x", null]]),
      event(1, "ok", [["r", "x", []]]),
    ]);
    expect(check(history, { model: "strict-serializable" }).observed).toEqual([]);
  });

  test("one that never completed began when it was invoked", () => {
    const history = timeline(["ax1", "ay2", "rx ry2"], "(c (a )a (b )c");
    expect(check(history, { model: "strict-serializable" }).observed).toEqual(["G-single-item-realtime"]);
  });
});

describe("of lists", () => {
  const observed = (texts: readonly string[]): readonly string[] =>
    check(concurrent(texts), { model }).observed;

  test("what a transaction of unknown outcome read is no G1a, nor G1b, though it committed after all", () => {
    expect(observed(["!ax1", "?rx1 ay1", "ry1"])).toEqual([]);
    expect(observed(["ax1 ax2", "?rx1 ay1", "ry1"])).not.toContain("G1b");
  });

  test("an update of unknown outcome may have lost nothing", () => {
    expect(observed(["ax1", "rx1 ax2", "?rx1 ax3"])).toEqual([]);
  });

  test("what a transaction of unknown outcome does not tell it did not read", () => {
    expect(observed(["?rx_ rz ay1", "ax1 ay2", "ry21"])).toEqual([]);
  });

  test("null, then something, is for the dependencies to judge", () => {
    expect(observed(["ax1", "rx_ rx1"])).toEqual(["G-single-item"]);
  });

  test("a list that is no beginning of the longest shows the future and repeats all the same", () => {
    expect(observed(["ax1", "ax2", "ax4", "rx124", "rx13 ax3"])).toContain("future-read");
    expect(observed(["ax1", "rx77"])).toContain("duplicate-elements");
  });

  test("versions that only have the same length are not lost together", () => {
    expect(observed(["ax1", "ax2", "ax3", "rx12 ax4", "rx13 ax5"])).not.toContain("lost-update");
  });
});

describe("of registers", () => {
  const observed = (texts: readonly string[], options: CheckOptions = {}): readonly string[] =>
    check(concurrently(texts), { model, ...options }).observed;

  test("an intermediate value is read, but its writer left another behind: no dependency", () => {
    expect(observed(["wx1 wx2 ry1", "rx1 wy1"])).toEqual(["G1b"]);
  });

  test("the first read is what an update lost, whatever was read and written around it", () => {
    expect(observed(["wx1", "wx2", "rx1 rx2 wx3", "rx1 wx4"])).toContain("lost-update");
    expect(observed(["wx1", "wx2 rx1 wx3", "wx4 rx1 wx5"])).toContain("lost-update");
  });

  test("a value that only a transaction of unknown outcome read leaves no doubt", () => {
    expect(check(concurrently(["wx1", "rx1", "?rx7"]), { model })).toMatchObject({
      valid: true,
      observed: [],
    });
  });

  test("its own later write, which nobody else saw, is no circle, as in Elle", () => {
    expect(check(concurrently(["rx1 wx1"]), { model, wfrKeys: true }).observed).toEqual([]);
  });
});

describe("of registers with a version column", () => {
  const observed = (texts: readonly string[]): readonly string[] => check(rows(texts), { model }).observed;

  test("the order leads over a number that may never have been given out", () => {
    expect(observed(["wx1a wy1b", "?wx2c", "wx3d wy2e", "rx1a ry2e"])).toEqual(["G-single-item"]);
  });

  test("an update is of the version that was read first, and of one that is known", () => {
    expect(observed(["wx1a", "wx2b", "rx1a rx2b wx3c", "rx1a wx4d"])).toContain("lost-update");
    expect(observed(["wx1a", "rx1a wx2b wx3c"])).toEqual([]);
    expect(observed(["rx1q wx2a", "rx1p wx3b"])).not.toContain("lost-update");
    expect(observed(["!wx1a", "rx1a wx2b", "rx1a wx2c"])).not.toContain("lost-update");
  });

  test("of a transaction's own versions the later one replaces the earlier", () => {
    expect(observed(["wx?a", "rx?a wx?b wx?c", "rx?b"])).toEqual(["G-single-item", "G1b"]);
  });

  test("no row, then a row, is for the dependencies to judge", () => {
    expect(observed(["wx1a", "rx rx1a"])).toEqual(["G-single-item"]);
  });

  test.each([
    ["one of unknown outcome may not have given it out", ["wx1a", "?wx2b", "wx2c"]],
    ["one gave it out twice itself", ["wx1a wx1b"]],
    ["what was read says something else", ["wx2a", "rx4a", "wx2b"]],
  ])("a number is not given out twice where %s", (_, texts) => {
    expect(observed(texts)).toEqual([]);
  });

  test("where a failed version was seen, what was read of it orders nothing", () => {
    expect(observed(["!wx1a", "rx1a wx2b wy1q", "rx1a ry1q"])).toEqual(["G1a"]);
    expect(observed(["!wx1a", "rx1a", "wx2b wy1q", "rx ry1q"])).toEqual(["G1a"]);
  });
});

describe("of rows that are read by predicates", () => {
  test("an update of unknown outcome need not have come before the deletion", () => {
    const history = fromEvents(
      [
        ["insert", "x", 1],
        ["delete", "x", null],
        ["w", "x", 2],
      ].flatMap(([kind, key, value], process) => {
        const mops: readonly Mop[] = [[kind, key, value] as Mop];
        return [event(process, "invoke", mops), event(process, process === 2 ? "info" : "ok", mops)];
      }),
    );
    expect(check(history, { model: "strict-serializable" }).observed).toEqual([]);
  });

  test("what need not have happened hides neither a deletion nor what was there in the beginning", () => {
    const observed = (texts: readonly string[]): readonly string[] =>
      check(rows(texts, true), { model }).observed;
    expect(observed(["ix1 iy1", "?wx2", "dx wy2", "rx1 ry2"])).toEqual(["G-single-item"]);
    expect(observed(["@ix1 iy1", "!wx2", "rx2 wx3 wy3", "rx1 ry3"])).toContain("G-single-item");
  });

  describe("more of them than have an edge each", () => {
    const many = Array.from({ length: 70 }, (_, i) => `row ${i}`);
    const [first = ""] = many;
    const observed = (transactions: readonly (readonly Mop[])[]): readonly string[] =>
      check(
        fromEvents(
          transactions.map((mops, process) => ({
            ...event(process, "ok", mops),
            f: process === 0 ? "init" : "txn",
          })),
        ),
        { model },
      ).observed;
    const inserts = many.map((row): Mop => ["insert", row, 1]);

    test("nobody misses a row of his own", () => {
      const blind = inserts.map((insert) => [insert]);
      expect(
        observed([
          [],
          ...blind,
          [
            ["rp", true, []],
            ["insert", "own", 1],
          ],
        ]),
      ).toEqual([]);
    });

    test("rows that came later were missed", () => {
      expect(observed([[], inserts, [["rp", true, [[first, 1]]]]])).toEqual(["G-single"]);
    });

    test("rows that were deleted before are gone", () => {
      const deletes = many.map((row): Mop => ["delete", row, null]);
      expect(observed([inserts, deletes, [["rp", true, [[first, 1]]]]])).toEqual(["G-single-item"]);
    });
  });

  const observed = (texts: readonly string[]): readonly string[] =>
    check(rows(texts, true), { model }).observed;

  const judged = (
    ...transactions: readonly (readonly [f: string, type: Event["type"], mops: readonly Mop[]])[]
  ) =>
    check(
      fromEvents(transactions.map(([f, type, mops], process) => ({ ...event(process, type, mops), f }))),
      { model },
    );

  test("remainders count from 0, also of negative numbers", () => {
    const verdict = judged(["init", "ok", [["insert", "x", -1]]], ["txn", "ok", [["rp", ["mod", 2, 1], []]]]);
    expect(verdict.observed).toEqual(["predicate-read-miss"]);
  });

  test("a field is what the value itself holds", () => {
    const asked: Mop = ["rp", ["=", "__proto__", {}], []];
    const verdict = judged(["init", "ok", [["insert", "x", { a: 1 }]]], ["txn", "ok", [asked]]);
    expect(verdict.observed).toEqual([]);
  });

  test("neither a read without a result nor one of unknown outcome found nothing", () => {
    expect(check(rows(["@ixa", "p*_", "rxa"], true), { model })).toMatchObject({ valid: true, observed: [] });
    expect(observed(["iza", "?p* wzb", "rzb"])).toEqual([]);
  });

  test("what went out of sight twice was out of sight after the first time", () => {
    expect(observed(["@ix1 iy1", "wx2 wy3", "dx", "p1y1"])).toContain("G-single-item");
  });

  test("who finds nothing comes after the deletion of what was there from the beginning", () => {
    expect(observed(["@ixa iya", "dx wyb", "rx rya"])).toEqual(["G-single-item"]);
  });

  test("a beginning of unknown outcome may not have been one", () => {
    expect(
      judged(["init", "info", [["insert", "x", 1]]], ["txn", "ok", [["rp", true, []]]]).observed,
    ).toEqual([]);
  });

  test("numbers order the versions of one insert, and only where it has the first of them", () => {
    const numbered = (texts: readonly string[]): readonly string[] => check(rows(texts), { model }).observed;
    expect(numbered(["ix1a iy1a", "ix2b wy2b", "rx1a ry2b"])).toEqual([]);
    expect(numbered(["ix2a iy1a", "wx1b wy2b"])).toEqual([]);
  });

  test("where a failed version was seen, nothing says that there was one life", () => {
    expect(observed(["ix1 iy1", "!wx2", "rx2", "wx3 wy3", "rx1 ry3"])).not.toContain("G-single-item");
  });
});
