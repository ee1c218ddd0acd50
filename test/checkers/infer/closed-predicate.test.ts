import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import type { History } from "../../../src/history/history.ts";
import type { Mop } from "../../../src/history/operation.ts";
import { event, fromEvents, header } from "../support/notation.ts";
import { rows } from "./row-notation.ts";

const observed = (texts: readonly string[]): readonly string[] =>
  check(rows(texts, true), { model: "serializable" }).observed;

describe("phantoms", () => {
  test("the meeting room: two find it free and both book it", () => {
    const search = ["=", "room", 7];
    const booking = (id: string): Mop => ["insert", id, { id, room: 7, hour: 9 }];
    const history = fromEvents([
      event(0, "ok", [["rp", search, []], booking("a")]),
      event(1, "ok", [["rp", search, []], booking("b")]),
    ]);
    const verdict = check(history, { model: "serializable" });
    expect(verdict).toMatchObject({ valid: false, observed: ["G2"], not: ["serializable"] });
    expect(verdict.anomalies.G2?.[0]?.steps.map(({ type, key }) => [type, key])).toEqual([
      ["rwp", "b"],
      ["rwp", "a"],
    ]);
    for (const model of ["snapshot-isolation", "repeatable-read"])
      expect(check(history, { model }).valid).toBe(true);
  });

  test("a booking in another room is none", () => {
    const at = (room: number): Mop => ["insert", `${room}`, { room }];
    const history = fromEvents([
      event(0, "ok", [["rp", ["=", "room", 7], []], at(8)]),
      event(1, "ok", [["rp", ["=", "room", 8], []], at(7)]),
      event(2, "ok", [["rp", true, { 7: { room: 7 }, 8: { room: 8 } }]]),
    ]);
    expect(check(history, { model: "serializable" }).observed).toEqual(["G2"]);
    const apart = fromEvents([
      event(0, "ok", [["rp", ["=", "room", 7], []], at(8)]),
      event(1, "ok", [["rp", ["=", "room", 9], []], at(7)]),
      event(2, "ok", [["rp", true, { 7: { room: 7 }, 8: { room: 8 } }]]),
    ]);
    expect(check(apart, { model: "serializable" })).toMatchObject({ valid: true, observed: [] });
  });

  test("doctors on call: each sees the other on duty and goes off", () => {
    const on = ["=", "on", true];
    const history = fromEvents([
      {
        ...event(0, "ok", [
          ["insert", "a", { on: true }],
          ["insert", "b", { on: true }],
        ]),
        f: "init",
      },
      event(1, "ok", [
        [
          "rp",
          on,
          [
            ["a", { on: true }],
            ["b", { on: true }],
          ],
        ],
        ["w", "a", { on: false }],
      ]),
      event(2, "ok", [
        [
          "rp",
          on,
          [
            ["a", { on: true }],
            ["b", { on: true }],
          ],
        ],
        ["w", "b", { on: false }],
      ]),
    ]);
    expect(check(history, { model: "snapshot-isolation" })).toMatchObject({
      valid: true,
      observed: ["G2-item"],
    });
  });

  test("read skew over a predicate is G-single", () => {
    expect(observed(["ixa iyb", "p*xa"])).toEqual(["G-single"]);
    expect(observed(["ixa iyb", "p=axa p=b"])).toEqual(["G-single"]);
    expect(observed(["ixa iyb", "p=axa p=c"])).toEqual([]);
  });

  test("a deletion that was not seen", () => {
    expect(observed(["@ixa iyb", "dx dy", "p=axa p=b"])).toEqual(["G-single-item"]);
    expect(observed(["@ixa iyb", "dx wyc", "p=a p=byb"])).toEqual(["G-single-item"]);
  });

  test("a row that moved out of one predicate and into another", () => {
    expect(observed(["@ix1", "rx1 wx2", "p1 p0"])).toEqual(["G-single"]);
    expect(observed(["@ix1", "rx1 wx2", "p1x1 p0"])).toEqual([]);
    expect(observed(["@ix1", "rx1 wx2", "p1 p0x2"])).toEqual([]);
    expect(observed(["@ix1", "rx1 wx2", "p1x1 p0x2"])).toContain("G-single-item");
  });
});

describe("the order of a row's versions is used only where it is proven", () => {
  test("not that of the history", () => {
    // Two blind updates: 4 may have been replaced by 2, or the other way.
    expect(observed(["@ix1 iy1", "wx2 wy2", "wx4 wy4", "rx2 ry4", "p*x2y2"])).toEqual([]);
    expect(observed(["@ix1 iy1", "rx1 wx2 wy2", "rx2 wx4 wy4", "rx2 ry4"])).toContain("G-single-item");
  });

  test("one insert comes before all updates, which come before one deletion", () => {
    expect(observed(["ix1 iy1", "wx2 wy2", "rx1 ry2"])).toEqual(["G-single-item"]);
    expect(observed(["ix1 iy1", "wx2", "dx dy", "rx2 p*x2"])).toEqual([]);
    expect(observed(["@ix1 iy1", "wx2", "dx dy", "rx2 p*x2"])).toEqual(["G-single-item"]);
  });

  test("of two deletions none is the last", () => {
    expect(observed(["ix1", "dx iy1", "dx ry1"])).toEqual([]);
    expect(observed(["ix1", "dx ry1", "dx iy1"])).toEqual([]);
  });

  test("a row that was not there was not there yet, if it was never deleted", () => {
    expect(observed(["?ixa", "ixb iyb", "p*yb"])).toEqual(["G-single"]);
  });

  test("a row that was deleted, or not there yet, may be either", () => {
    expect(observed(["ixa", "dx iyb", "p*"])).toEqual([]);
    expect(observed(["ixa", "dx iyb", "p*yb"])).toEqual([]);
    expect(observed(["ixa iyb", "dx", "p*yb"])).toEqual([]);
    expect(observed(["ixa iyb", "?dx", "p*yb"])).toEqual([]);
    expect(observed(["ixa iyb", "!dx", "p*yb"])).toEqual(["G-single"]);
  });

  test("a row that is inserted anew", () => {
    expect(observed(["ixa", "dx", "ixb", "rxb", "rxa", "p*", "p*xa", "p*xb"])).toEqual([]);
    expect(observed(["ixa iya", "rxa dx rya wyb", "rxa ryb"])).toContain("G-single-item");
  });

  test("a version column", () => {
    const v = (...mops: readonly Mop[]) => mops;
    const history = (...transactions: readonly (readonly Mop[])[]): History =>
      fromEvents(transactions.map((mops, i) => event(i, "ok", mops)));
    const one = v(["insert", "x", [1, "a"]], ["insert", "y", [1, "a"]]);
    const two = v(["w", "x", [2, "b"]], ["w", "y", [2, "b"]]);
    const three = v(["w", "x", [3, "c"]], ["w", "y", [3, "c"]]);
    const skewed = v([
      "rp",
      true,
      [
        ["x", [2, "b"]],
        ["y", [3, "c"]],
      ],
    ]);
    expect(check(history(one, two, three, skewed), { model: "serializable" }).observed).toEqual([
      "G-single-item",
    ]);
    const blind = three.map(([f, key]): Mop => [f, key, [null, "c"]]);
    const unsure = v([
      "rp",
      true,
      [
        ["x", [2, "b"]],
        ["y", [null, "c"]],
      ],
    ]);
    expect(check(history(one, two, blind, unsure), { model: "serializable" }).observed).toEqual([]);
  });
});

describe("single reads", () => {
  test.each([
    ["predicate-read-miss", ["@ixa iyb", "p*xa"]],
    ["predicate-read-miss", ["@ix2", "wx4", "p0"]],
    ["predicate-read-miss", ["@ixa", "rx"]],
    ["G1a", ["!ixa", "p*xa"]],
    ["G1b", ["ixa wxb", "p*xa"]],
    ["internal", ["ixa p*"]],
    ["internal", ["@ixa", "wxb p*xa"]],
    ["internal", ["@ixa", "dx p*xa"]],
    ["future-read", ["p*xa ixa"]],
    ["lost-update", ["@ixa", "p*xa wxb", "rxa wxc"]],
  ])("%s: %j", (type, texts) => {
    expect(observed(texts)).toContain(type);
  });

  test.each([
    ["a row of its own", ["ixa p*xa wxb p*xb dx p*"]],
    ["its own row that the predicate rejects", ["ix1 p0"]],
    ["an insert of unknown outcome that nobody saw", ["?ixa", "p*", "iyb"]],
    ["an update of unknown outcome that hides a row", ["@ix1", "?wx2", "p1"]],
    ["a failed insert", ["!ixa", "p*"]],
    ["no result", ["@ixa", "p*_"]],
  ])("none: %s", (_, texts) => {
    expect(observed(texts)).toEqual([]);
  });

  test("a row that nobody wrote", () => {
    const texts = ["ixa", "p*xayq"];
    expect(check(rows(texts, true), { model: "serializable" })).toMatchObject({ valid: "unknown" });
    expect(check(rows(texts, true, header()))).toMatchObject({ anomalyTypes: ["garbage-read"] });
  });

  test.each([["a row that the predicate rejects", ["ix1", "p0x1"], "rejects"]])(
    "%s is unknown",
    (_, texts, because) => {
      const verdict = check(rows(texts, true), { model: "serializable" });
      expect(verdict).toMatchObject({ valid: "unknown", observed: [] });
      expect(verdict.because).toContain(because);
    },
  );

  test.each([
    ["like", "no predicate"],
    [["mod", 0, 0], "no predicate"],
    [["=", 1, 2, 3], "no predicate"],
  ])("the predicate %j is unknown", (predicate, because) => {
    const history = fromEvents([
      event(0, "ok", [["insert", "x", "a"]]),
      event(1, "ok", [["rp", predicate, []]]),
    ]);
    expect(check(history).because).toContain(because);
  });
});
