import { describe, expect, test } from "vitest";

import { exponentialGap } from "../../src/random/exponential-gap.ts";
import { exponential, type IndexChoice, uniform, weighted, zipf } from "../../src/random/index-choice.ts";
import { stream } from "../../src/random/rng.ts";

const draws = 40_000;

/** How often each position was chosen, as a share of all draws. */
function shares(choose: IndexChoice, positions: number): number[] {
  const rng = stream("42", "test");
  const counts = new Array<number>(positions).fill(0);
  for (let draw = 0; draw < draws; draw += 1) {
    const position = choose(rng);
    expect(position).toBeLessThan(positions);
    counts[position] = (counts[position] ?? NaN) + 1;
  }
  return counts.map((count) => count / draws);
}

function expectShares(actual: readonly number[], weights: readonly number[]): void {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [position, weight] of weights.entries()) {
    const share = weight / total;
    const deviation = Math.sqrt((share * (1 - share)) / draws);
    expect(Math.abs((actual[position] ?? NaN) - share)).toBeLessThanOrEqual(5 * deviation);
  }
}

describe("index choice", () => {
  test("uniform treats all positions alike", () => {
    expectShares(shares(uniform(5), 5), [1, 1, 1, 1, 1]);
  });

  test("exponential makes each position the base times as likely as the next", () => {
    expectShares(shares(exponential(5), 5), [16, 8, 4, 2, 1]);
    expectShares(shares(exponential(3, 3), 3), [9, 3, 1]);
    expectShares(shares(exponential(4, 1), 4), [1, 1, 1, 1]);
  });

  test("exponential stands thousands of positions, whose weights vanish", () => {
    const [first = 0, second = 0, third = 0, ...others] = shares(exponential(5000), 5000);
    const rest = others.reduce((sum, share) => sum + share, 0);
    expectShares([first, second, third, rest], [4, 2, 1, 1]);
  });

  test("zipf follows 1/(i+1)", () => {
    expectShares(shares(zipf(4), 4), [12, 6, 4, 3]);
  });

  test("weighted never chooses weight 0, at either end or in the middle", () => {
    const actual = shares(weighted([0, 3, 0, 1, 0]), 5);
    expect([actual[0], actual[2], actual[4]]).toEqual([0, 0, 0]);
    expectShares(actual, [0, 3, 0, 1, 0]);
  });

  test.each([
    ["no weights", () => weighted([])],
    ["only zero weights", () => weighted([0, 0])],
    ["a negative weight", () => weighted([2, -1])],
    ["NaN", () => weighted([1, NaN])],
    ["an infinite weight", () => weighted([1, Infinity])],
    ["no positions", () => zipf(0)],
    ["half a position", () => uniform(0.5)],
    ["a shrinking base", () => exponential(3, 0.5)],
  ])("refuses %s", (_, build) => {
    expect(build).toThrow(RangeError);
  });
});

describe("exponential gap", () => {
  test("has the mean and the standard deviation of an exponential distribution", () => {
    const rng = stream("42", "gap");
    const mean = 1_000_000;
    const gaps = Array.from({ length: draws }, () => exponentialGap(rng, mean));
    const actualMean = gaps.reduce((sum, gap) => sum + gap, 0) / draws;
    const variance = gaps.reduce((sum, gap) => sum + (gap - actualMean) ** 2, 0) / draws;
    expect(Math.abs(actualMean / mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(Math.sqrt(variance) / mean - 1)).toBeLessThan(0.05);
    expect(gaps.every((gap) => Number.isInteger(gap) && gap >= 1)).toBe(true);
  });

  test("is at least 1 ns, and refuses a mean that is none", () => {
    const rng = stream("42", "gap");
    const tiny = Array.from({ length: 100 }, () => exponentialGap(rng, 0.001));
    expect(new Set(tiny)).toEqual(new Set([1]));
    for (const mean of [0, -1, NaN, Infinity]) expect(() => exponentialGap(rng, mean)).toThrow(RangeError);
  });
});
