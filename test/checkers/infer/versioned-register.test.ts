import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { event, fromEvents, header } from "../support/notation.ts";
import { rows } from "./row-notation.ts";

const observed = (texts: readonly string[]): readonly string[] =>
  check(rows(texts), { model: "serializable" }).observed;

describe("an optimistic lock", () => {
  test("that works lets one of two updates through", () => {
    expect(check(rows(["wx1a", "rx1a wx2b", "!rx1a wx2c", "rx2b wx3d", "rx3d"]))).toMatchObject({
      valid: true,
      observed: [],
    });
  });

  test("that is broken loses an update, and gives out a number twice", () => {
    const verdict = check(rows(["wx1a", "rx1a wx2b", "rx1a wx2c"]), { model: "snapshot-isolation" });
    expect(verdict).toMatchObject({
      valid: false,
      anomalyTypes: ["lost-update"],
      observed: ["G2-item", "lost-update", "tied-versions"],
    });
    expect(verdict.not).toContain("cursor-stability");
  });

  test("that is broken across transactions gives out a number twice, which no model forbids", () => {
    expect(check(rows(["wx1a", "rx1a", "wx2b", "wx2c", "rx2c"]), { model: "serializable" })).toMatchObject({
      valid: true,
      observed: ["tied-versions"],
      not: [],
    });
  });

  test("with one number given out twice orders only what was read", () => {
    // 2c may have come before or after 3d, whose writer knew 2b.
    const history = (read: string): readonly string[] => [
      "wx1a",
      "rx1a wx2b",
      "wx2c",
      "rx2b wx3d wy1q",
      `${read} ry1q`,
    ];
    expect(observed(history("rx2c"))).toEqual(["tied-versions"]);
    expect(observed(history("rx2b"))).toEqual(["G-single-item", "tied-versions"]);
  });
});

describe("the order by number", () => {
  test.each([
    ["G0", ["wx1a wy2b", "wx2c wy1d"]],
    ["G1c", ["wx1a ry1b", "wy1b rx1a"]],
    ["G-single-item", ["wx1a wy1b", "wx2c wy2d", "rx1a ry2d"]],
    ["G-single-item", ["wx1a wy1b", "rx ry1b"]],
    ["G2-item", ["wx1a", "wy1b", "rx1a wy2c", "ry1b wx2d"]],
    ["G-nonadjacent-item", ["wx1a", "wy1b", "rx1a ry2d", "rx2c ry1b", "wx2c", "wy2d"]],
  ])("proves %s", (type, texts) => {
    expect(observed(texts)).toContain(type);
  });

  test("passes over numbers that nobody has", () => {
    expect(observed(["wx1a wy1b", "wx9c wy9d", "rx1a ry9d"])).toEqual(["G-single-item"]);
  });

  test("takes a number from a read", () => {
    const texts = (seen: string): readonly string[] => ["wx?a wy1b", "wx2c wy2d", "rx1a ry2d", seen];
    expect(observed(texts("rx2c"))).toEqual(["G-single-item"]);
  });

  test.each([
    ["a write has a number that nobody knows", ["wx1a wy1b", "wx2c wy2d", "wx?e", "rx1a ry2d"]],
    ["a write of unknown outcome has no number", ["wx1a wy1b", "wx2c wy2d", "?wx?e", "rx1a ry2d"]],
    ["a write went back", ["wx1a wy1b", "wx3c wy2d", "rx3c wx2e", "rx1a ry2d"]],
    ["the row may have been deleted", ["wx1a wy1b", "wx2c wy2d", "?dx3", "rx1a ry2d"]],
    ["a value of a failed write was seen", ["wx1a wy1b", "wx3c wy2d", "!wx2e", "rx1a ry2d", "rx2e"]],
  ])("says nothing where %s", (_, texts) => {
    expect(observed(texts)).not.toContain("G-single-item");
  });

  test.each([
    ["a failed write had the same number", ["wx1a wy1b", "wx2c wy2d", "!wx2e", "rx1a ry2d"]],
    ["a write of unknown outcome has another", ["wx1a wy1b", "wx2c wy2d", "?wx3e", "rx1a ry2d"]],
  ])("stands where %s", (_, texts) => {
    expect(observed(texts)).toEqual(["G-single-item"]);
  });
});

describe("reading before writing orders versions", () => {
  test("without any number", () => {
    expect(observed(["wx?a wy?b", "rx?a wx?c ry?b wy?d", "rx?a ry?d", "?wx?e"])).toEqual(["G-single-item"]);
  });

  test("across a deletion", () => {
    const texts = ["wx1a wy1b", "rx1a dx2 ry1b wy2d", "rx1a ry2d"];
    expect(observed(texts)).toEqual(["G-single-item"]);
  });

  test("and circles of it none at all", () => {
    expect(observed(["rx?a wx?b", "rx?b wx?a"])).toEqual(["G1c"]);
  });
});

describe("a deleted row", () => {
  test("may begin its numbers again", () => {
    expect(observed(["wx1a", "rx1a wx2b", "rx2b dx3", "rx wx1c", "rx1c wx2d", "rx2d"])).toEqual([]);
  });

  test("is no older state to those who do not find it", () => {
    expect(observed(["wx1a wy1b", "rx1a dx2", "rx ry1b"])).toEqual([]);
    expect(observed(["wx1a wy1b", "?rx1a dx2", "rx ry1b"])).toEqual([]);
    expect(observed(["wx1a wy1b", "!rx1a dx2", "rx ry1b"])).toEqual(["G-single-item"]);
  });

  test("may be found missing by two who insert it anew", () => {
    expect(observed(["wx1a", "rx1a dx2", "rx wx1b", "rx1b dx2", "rx wx1c"])).toEqual([]);
    expect(observed(["rx wx1b", "rx wx1c"])).toEqual(["G2-item", "lost-update", "tied-versions"]);
  });
});

describe("single reads", () => {
  test.each([
    ["G1a", ["!wx1a", "rx1a"]],
    ["G1b", ["wx1a wx2b", "rx1a"]],
    ["internal", ["wx1a rx2b", "wx2b"]],
    ["internal", ["wx1a", "wx2b", "rx1a rx2b"]],
    ["internal", ["wx1a", "rx1a dx2 rx1a"]],
    ["future-read", ["rx1a wx1a"]],
  ])("%s: %j", (type, texts) => {
    expect(observed(texts)).toContain(type);
  });

  test.each([
    ["its own writes", ["wx1a rx1a wx2b rx2b"]],
    ["a number that comes again after a failure", ["wx1a", "!rx1a wx2b", "rx1a wx2c", "rx2c"]],
    ["a write of unknown outcome that was seen", ["wx1a", "?rx1a wx2b", "rx2b wx3c", "rx3c"]],
    ["finding nothing first", ["rx", "wx1a", "rx1a"]],
  ])("none: %s", (_, texts) => {
    expect(observed(texts)).toEqual([]);
  });

  test("a write of unknown outcome counts once it was seen", () => {
    expect(observed(["wx1a wy1b", "?wx2c wy2d", "rx1a ry2d"])).toEqual(["G-single-item"]);
  });

  test("a value that nobody wrote", () => {
    expect(check(rows(["wx1a", "rx2q"]), { model: "serializable" })).toMatchObject({ valid: "unknown" });
    expect(check(rows(["wx1a", "rx2q"], false, header()))).toMatchObject({
      valid: false,
      anomalyTypes: ["garbage-read"],
    });
  });

  test("a value under two numbers proves nothing by number", () => {
    const verdict = check(rows(["wx1a wy1b", "wx2c wy2d", "rx1a ry2d", "rx4c"]), { model: "serializable" });
    expect(verdict).toMatchObject({ valid: "unknown", observed: [] });
    expect(verdict.because).toContain("two version numbers");
  });

  test("what cannot be told apart is unknown", () => {
    const verdict = check(rows(["wx1a", "wx2a", "rx2a"]), { model: "serializable" });
    expect(verdict).toMatchObject({ valid: "unknown", observed: [] });
    expect(verdict.because).toContain("more than once");
  });
});

test("sentences speak of versions", () => {
  const { anomalies } = check(rows(["wx1a wy1b", "wx2c wy2d", "rx1a ry2d"]), { model: "serializable" });
  expect(anomalies["G-single-item"]?.[0]?.steps.map(({ explanation }) => explanation)).toEqual([
    "T1 did not see T2's version 2 of x (c), though T2 committed it: T1 read version 1",
    "T1 saw T2's version 2 of y (d)",
  ]);
  const tied = check(rows(["wx1a", "wx1b", "rx1a"]), { model: "serializable" }).anomalies["tied-versions"];
  expect(tied?.[0]?.explanation).toContain("the same version number");
});

test("keys of other kinds in the same transactions are left to others", () => {
  const history = fromEvents([
    event(0, "ok", [
      ["w", "x", [1, "a"]],
      ["w", "plain", 1],
      ["append", "list", 1],
      ["add", "set", 1],
    ]),
    event(1, "ok", [
      ["w", "x", [2, "b"]],
      ["append", "list", 2],
    ]),
    event(2, "ok", [
      ["r", "x", [1, "a"]],
      ["r", "plain", 1],
      ["r", "list", [1, 2]],
      ["rs", "set", [1]],
    ]),
  ]);
  expect(check(history, { model: "serializable" })).toMatchObject({
    valid: false,
    observed: ["G-single-item"],
  });
});

test("asked for by name, plain registers are refused", () => {
  const history = fromEvents([event(0, "ok", [["w", "x", 1]]), event(1, "ok", [["r", "x", 1]])]);
  const verdict = check(history, { workload: "versioned-register" });
  expect(verdict).toMatchObject({ valid: "unknown", observed: [] });
  expect(verdict.because).toContain("[version, value]");
});
