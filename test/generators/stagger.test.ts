import { describe, expect, test } from "vitest";

import { repeat } from "../../src/generators/forever.ts";
import { limit } from "../../src/generators/limit.ts";
import { phases } from "../../src/generators/phases.ts";
import { simulate, type SimulatedOperation } from "../../src/generators/simulate.ts";
import { atRate, delay, stagger } from "../../src/generators/stagger.ts";
import type { Generator } from "../../src/generators/generator.ts";

const second = 1e9;

function starts<T>(generator: Generator<T>, latencyNanos: number, operations: number): number[] {
  const drawn: SimulatedOperation<T>[] = simulate(generator, {
    sessions: 10,
    seed: "42",
    operations,
    latencyNanos: () => latencyNanos,
  });
  return drawn.map(({ time }) => time);
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, before) => time - (times[before] ?? NaN));
}

describe("stagger", () => {
  test("keeps to its mean and varies as a Poisson process does", () => {
    const count = 10_000;
    const times = starts(stagger(1_000_000, repeat("x")), 10, count);
    // The mean of n gaps has a relative standard deviation of 1/√n = 0.01.
    expect(Math.abs((times.at(-1) ?? NaN) / count / 1_000_000 - 1)).toBeLessThan(0.04);
    const longerThanMean = gaps(times).filter((gap) => gap > 1_000_000).length / count;
    expect(Math.abs(longerThanMean - Math.exp(-1))).toBeLessThan(0.03);
  });

  test("counts all sessions together, and catches up after operations that were slow", () => {
    // Ten sessions that take 5 ms each manage 2000 operations in a second; 1000 are asked for.
    const times = starts(stagger(1_000_000, repeat("x")), 5_000_000, 5000);
    expect(Math.abs((times.at(-1) ?? NaN) / (5 * second) - 1)).toBeLessThan(0.06);
  });

  test("goes as fast as the sessions can when more is asked for", () => {
    const times = starts(stagger(1000, repeat("x")), 1_000_000, 1000);
    expect((times.at(-1) ?? NaN) / 1e6).toBeGreaterThanOrEqual(99);
    expect((times.at(-1) ?? NaN) / 1e6).toBeLessThan(101);
  });

  test("begins its timetable when it is first drawn from, here after a phase of 10 ms", () => {
    const slow = limit(1, repeat("x"));
    const times = starts(phases(slow, limit(100, stagger(1000, repeat("y")))), 10_000_000, 1000);
    expect(times).toHaveLength(101);
    expect(Math.min(...times.slice(1))).toBeGreaterThanOrEqual(10_000_000);
  });

  test.each([0, -1, NaN, Infinity])("refuses the mean %s", (mean) => {
    expect(() => stagger(mean, repeat("x"))).toThrow(RangeError);
  });
});

describe("atRate", () => {
  test("starts so many in a second", () => {
    const times = starts(atRate(500, repeat("x")), 10, 5000);
    expect(Math.abs((times.at(-1) ?? NaN) / (10 * second) - 1)).toBeLessThan(0.06);
  });

  test.each([0, -1, NaN, Infinity])("refuses the rate %s", (rate) => {
    expect(() => atRate(rate, repeat("x"))).toThrow(RangeError);
  });
});

describe("delay", () => {
  test("starts one operation every gap, exactly", () => {
    expect(starts(delay(250, repeat("x")), 10, 4)).toEqual([250, 500, 750, 1000]);
  });

  test("starts nothing earlier than the generator inside it allows", () => {
    expect(starts(delay(10, delay(250, repeat("x"))), 10, 3)).toEqual([250, 500, 750]);
    expect(starts(delay(250, delay(10, repeat("x"))), 10, 3)).toEqual([250, 500, 750]);
  });

  test.each([0, -1, NaN, Infinity])("refuses the gap %s", (gap) => {
    expect(() => delay(gap, repeat("x"))).toThrow(RangeError);
  });
});
