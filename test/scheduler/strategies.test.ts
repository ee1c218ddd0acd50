import { describe, expect, test } from "vitest";

import { strategies, type StrategyOptions } from "../../src/scheduler/strategies.ts";
import type { Strategy } from "../../src/scheduler/strategy.ts";
import { operation } from "./scripts.ts";
import { simulate } from "./simulation.ts";

const server = { database: "postgres", isolation: "read-committed" } as const;
const sessions = [[operation("r a0", "r a0")], [operation("r b0", "r b0")], [operation("r c0")]];

function make(name: string, options: Partial<StrategyOptions> = {}): Strategy {
  const create = strategies.find((entry) => entry.name === name)?.create;
  if (create === undefined) throw new Error(`${name} cannot be made`);
  return create({ seed: "42", ...server, ...options });
}

/** The first schedules, as text. */
function schedules(name: string, options: Partial<StrategyOptions> = {}): string[] {
  const strategy = make(name, options);
  const found: string[] = [];
  for (let number = 0, more = true; more && number < 300; number += 1) {
    const run = simulate(server, sessions, strategy, number);
    found.push(run.schedule.steps.map(({ move }) => JSON.stringify(move)).join());
    more = run.more;
  }
  return found;
}

describe("the catalogue", () => {
  test("has every strategy once, with a line about it", () => {
    expect(strategies.map(({ name }) => name)).toEqual(["random", "pct", "exhaustive", "replay"]);
    for (const { summary } of strategies) expect(summary).toMatch(/^[a-z][^\n]{20,110}[^.]$/);
  });

  test("makes those that need nothing but options, and calls them by their names", () => {
    for (const { name, create } of strategies)
      if (name === "replay") expect(create).toBeUndefined();
      else expect(make(name).name).toBe(name);
  });

  test.each([
    ["random", { seed: "43" }],
    ["random", { overlaps: 0.5 }],
    ["pct", { seed: "43" }],
    ["pct", { depth: 1 }],
    ["exhaustive", { preemptions: 0 }],
    ["exhaustive", { prune: false }],
    ["exhaustive", { isolation: "serializable" }],
  ] as const)("hands %s the option %j", (name, options) => {
    expect(schedules(name)).toEqual(schedules(name));
    expect(schedules(name, options)).not.toEqual(schedules(name));
  });

  test("hands pct the expected number of steps, which the first schedule goes by", () => {
    const first = (expectedSteps: number): Set<string> =>
      new Set(
        Array.from({ length: 30 }, (_, seed) => {
          const strategy = make("pct", { seed: `${seed}`, expectedSteps, depth: 2 });
          return JSON.stringify(simulate(server, sessions, strategy).schedule.steps);
        }),
      );
    expect(first(7).size).toBeGreaterThan(first(1).size);
  });

  test("refuses what a strategy cannot do", () => {
    expect(() => make("random", { overlaps: 2 })).toThrow(RangeError);
    expect(() => make("pct", { depth: 0 })).toThrow(RangeError);
    expect(() => make("exhaustive", { preemptions: -1 })).toThrow(RangeError);
  });
});
