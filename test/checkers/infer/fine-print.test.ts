import { describe, expect, test } from "vitest";

import { check, type CheckOptions } from "../../../src/checkers/check.ts";
import { concurrently } from "./register-notation.ts";
import { rows } from "./row-notation.ts";

const model = "serializable";

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
});

describe("of registers with a version column", () => {
  const observed = (texts: readonly string[]): readonly string[] => check(rows(texts), { model }).observed;

  test("the order leads over a number that may never have been given out", () => {
    expect(observed(["wx1a wy1b", "?wx2c", "wx3d wy2e", "rx1a ry2e"])).toEqual(["G-single-item"]);
  });
});
