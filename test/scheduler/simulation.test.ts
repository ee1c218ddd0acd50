import { describe, expect, test } from "vitest";

import type { SimulatedServer } from "./simulated-database.ts";
import { type Script, simulate, type Touch } from "./simulation.ts";
import { guidedStrategy } from "../../src/scheduler/guided-strategy.ts";

/** One operation that commits: `r a0`, `w a0 5`, `l a0` (for update), `t a0` (skip locked), several with commas. */
function operation(...statements: readonly string[]): Script[number] {
  return { body: statements.map((text) => ({ touch: text.split(",").map(touch) })), end: "commit" };
}

function touch(text: string): Touch {
  const [letter = "", place = "", put = "1"] = text.trim().split(" ");
  const how = ({ r: "read", w: "write", l: "lock", t: "try" } as const)[letter] ?? "read";
  return { table: place.slice(0, 1), row: Number(place.slice(1)), how, put: Number(put) };
}

function outcomes(server: SimulatedServer, scripts: readonly Script[], turns: readonly number[]): string[] {
  const strategy = guidedStrategy(turns.map((session) => ({ session })));
  const { schedule } = simulate(server, scripts, strategy);
  return schedule.steps.map((step) => step.outcomes.map((outcome) => JSON.stringify(outcome)).join(" "));
}

describe("the simulated database", () => {
  test("is about to be tested", () => {
    expect(
      outcomes(
        { database: "postgres", isolation: "read-committed" },
        [[operation("w a0")], [operation("w a0")]],
        [0, 1, 0, 1],
      ),
    ).toEqual([]);
  });
});
