import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { drawSwarm } from "../../../src/campaign/soak/swarm.ts";
import { configOf } from "../../../src/cli/config-of.ts";
import { faultsOf } from "../../../src/cli/fault-options.ts";
import { interleavingOf } from "../../../src/cli/interleaving-options.ts";
import { argumentsOf, flagsOf, givenFlags, swarmSpace, withoutGiven } from "../../../src/cli/swarm-flags.ts";

const free = { workload: undefined, isolation: undefined, mode: undefined, nemesis: undefined };
const space = await swarmSpace(free, { db: "postgres", durable: false }, () => true);

describe("a configuration drawn from a seed", () => {
  test("is the same for the same seed", () => {
    const draw = (seed: string): unknown => drawSwarm(seed, space);
    expect(draw("7")).toEqual(draw("7"));
    expect(draw("7")).not.toEqual(draw("8"));
  });

  test("is one that isolab run takes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (number) => {
        const drawn = flagsOf(drawSwarm(`${number}`, space));
        const flags = { ...unset, ...drawn, seed: "1" } as unknown as Parameters<typeof configOf>[0] &
          Parameters<typeof faultsOf>[0] &
          Parameters<typeof interleavingOf>[0];
        const config = await configOf(flags, 1);
        expect(config.operations).toBeGreaterThan(0);
        if (drawn.mode === "interleaved") await interleavingOf(flags);
        else await faultsOf(flags, [{ db: "postgres", durable: false }]);
      }),
      { numRuns: 300 },
    );
  });

  test("covers every workload, level, mode and fault sooner or later", () => {
    const swarms = Array.from({ length: 3_000 }, (_, number) => drawSwarm(`cover-${number}`, space));
    const seen = (values: readonly (string | readonly string[])[]): Set<string> => new Set(values.flat());
    expect(seen(swarms.map(({ workload }) => workload)).size).toBe(space.workloads.length);
    expect(seen(swarms.map(({ isolation }) => isolation)).size).toBe(4);
    expect(seen(swarms.map(({ mode }) => mode)).size).toBe(2);
    const timed = swarms.filter(({ mode }) => mode === "stress");
    expect([...seen(timed.map(({ nemeses }) => nemeses))].sort()).toEqual([...space.nemeses].sort());
    expect(swarms.some(({ nemeses }) => nemeses.length === 0)).toBe(true);
  });

  test("leaves what was typed as it is", () => {
    const given = givenFlags(["run", "--swarm", "--sessions", "3", "--workload=append"]);
    expect(withoutGiven({ workload: "bank:naive", sessions: "9", ops: "10" }, given)).toEqual({ ops: "10" });
    expect(argumentsOf({ ops: "10", param: ["a=1", "b=2"] })).toEqual([
      "--ops",
      "10",
      "--param",
      "a=1",
      "--param",
      "b=2",
    ]);
  });

  test("holds only faults that the server can have", async () => {
    const url = await swarmSpace(free, { url: "mysql://localhost" }, (need) => need === "answer-timeout");
    expect(url.nemeses).toContain("kill-connection");
    expect(url.nemeses).not.toContain("exhaust-connections");
    // It may turn out to be a MySQL.
    expect(url.nemeses).not.toContain("idle-in-transaction-timeout");
  });
});

const unset = {
  param: [],
  think: "0ms",
  "no-prune": false,
  "allow-disruptive": false,
};
