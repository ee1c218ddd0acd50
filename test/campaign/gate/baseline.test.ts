import { describe, expect, test } from "vitest";

import {
  baselineChanges,
  decodeBaseline,
  encodeBaseline,
  updatedCell,
  type Baseline,
} from "../../../src/campaign/gate/baseline.ts";
import { judgeCell } from "../../../src/campaign/gate/judge-cell.ts";

const baseline: Baseline = {
  isolab: 1,
  versions: { postgres: "18.4", mariadb: "10.11.19" },
  cells: {
    "postgres b:x serializable": { expected: [], allowed: [] },
    "postgres a:x read-committed": { expected: ["lost-update"], allowed: ["G2-item"] },
  },
};

describe("a baseline", () => {
  test("is read as it was written, its names in order", () => {
    const text = encodeBaseline(baseline);
    expect(decodeBaseline(text, "b.json")).toEqual(baseline);
    expect(text.indexOf("a:x")).toBeLessThan(text.indexOf("b:x"));
    expect(encodeBaseline(decodeBaseline(text, "b.json"))).toBe(text);
  });

  test.each([
    ["{", "it is no JSON"],
    ["[]", '"isolab": 1'],
    ['{"isolab":2}', '"isolab": 1'],
    ['{"isolab":1,"versions":{},"cells":[]}', "it has no cells"],
    ['{"isolab":1,"versions":{"a":1},"cells":{}}', "its versions are no texts"],
    ['{"isolab":1,"versions":{},"cells":{"c":{"expected":[1],"allowed":[]}}}', 'its cell "c"'],
  ])("%s is refused", (text, why) => {
    expect(() => decodeBaseline(text, "b.json")).toThrow(`b.json is no baseline (`);
    expect(() => decodeBaseline(text, "b.json")).toThrow(why);
  });

  test("allows what showed, and what was allowed before", () => {
    const before = { expected: ["G1c", "lost-update"], allowed: ["G2-item"] };
    expect(updatedCell(before, { searched: ["lost-update"], freely: ["lost-update", "G0"] })).toEqual({
      expected: ["lost-update"],
      allowed: ["G0", "G1c", "G2-item"],
    });
    expect(updatedCell(undefined, { searched: [], freely: [] })).toEqual({ expected: [], allowed: [] });
  });

  test("says in a line for each cell what changed", () => {
    const after: Baseline = {
      ...baseline,
      cells: {
        "postgres a:x read-committed": { expected: [], allowed: ["G2-item", "lost-update"] },
        "postgres c:x serializable": { expected: ["G0"], allowed: [] },
      },
    };
    expect(baselineChanges(baseline, after)).toEqual([
      "~ postgres a:x read-committed: lost-update (allowed: G2-item) → nothing expected (allowed: G2-item, lost-update)",
      "- postgres b:x serializable: nothing",
      "+ postgres c:x serializable: G0",
    ]);
    expect(baselineChanges(baseline, baseline)).toEqual([]);
  });
});

describe("a cell", () => {
  const held = { expected: ["lost-update"], allowed: ["G2-item"] };
  const shown = { searched: ["lost-update"], freely: [], unknown: undefined };

  test("is as the baseline has it when it shows what is expected or allowed", () => {
    expect(judgeCell(held, { ...shown, freely: ["G2-item", "lost-update"] }, true)).toEqual([]);
  });

  test("fails on what is not allowed, in the search or freely, once each", () => {
    expect(
      judgeCell(held, { ...shown, searched: ["G0", "lost-update"], freely: ["G0", "G1a"] }, false),
    ).toEqual([
      { kind: "forbidden", anomaly: "G0", where: "search" },
      { kind: "forbidden", anomaly: "G1a", where: "free-running" },
    ]);
  });

  test("misses what is expected only under strict, and only if it proved something", () => {
    const missed = { ...shown, searched: [] };
    expect(judgeCell(held, missed, false)).toEqual([]);
    expect(judgeCell(held, missed, true)).toEqual([{ kind: "missing", anomaly: "lost-update" }]);
    expect(judgeCell(held, { ...missed, unknown: "nothing was committed" }, true)).toEqual([
      { kind: "unknown", because: "nothing was committed" },
    ]);
  });

  test("never fails for what a free-running execution did not show", () => {
    expect(judgeCell({ expected: [], allowed: ["G2-item"] }, { ...shown, searched: [] }, true)).toEqual([]);
  });

  test("that the baseline does not know is told so", () => {
    expect(judgeCell(undefined, shown, false)).toEqual([{ kind: "new" }]);
  });
});
