import { describe, expect, test } from "vitest";

import { forever, repeat } from "../../src/generators/forever.ts";
import { fromList } from "../../src/generators/from-list.ts";
import type { Generator } from "../../src/generators/generator.ts";
import { simulate } from "../../src/generators/simulate.ts";
import { run } from "./bench.ts";

describe("simulate", () => {
  test("a session starts its next operation when the one before has ended", () => {
    const drawn = simulate(fromList([30, 10, 10, 10, 5]), {
      sessions: 2,
      seed: "42",
      latencyNanos: (operation) => operation,
    });
    expect(drawn).toEqual([
      { time: 0, session: 0, operation: 30, completed: 30 },
      { time: 0, session: 1, operation: 10, completed: 10 },
      { time: 10, session: 1, operation: 10, completed: 20 },
      { time: 20, session: 1, operation: 10, completed: 30 },
      { time: 30, session: 0, operation: 5, completed: 35 },
    ]);
  });

  test("no session does two things at once, and starts come in order", () => {
    const drawn = run(repeat("x"));
    for (const [position, { session, time, completed }] of drawn.entries()) {
      const next = drawn.slice(position + 1).find((other) => other.session === session);
      if (next !== undefined) expect(next.time).toBeGreaterThanOrEqual(completed);
      expect(time).toBeGreaterThanOrEqual(drawn[position - 1]?.time ?? 0);
    }
  });

  test("latencies have a stream of their own: they do not change what is drawn", () => {
    const rolls = forever((rng) => rng.int(1000));
    const options = { sessions: 1, seed: "42", operations: 50 };
    const steady = simulate(rolls, { ...options, latencyNanos: () => 1 });
    const varied = simulate(rolls, { ...options, latencyNanos: (_, rng) => rng.int(1000) });
    expect(varied.map(({ operation }) => operation)).toEqual(steady.map(({ operation }) => operation));
  });

  test("a session that waits is asked again at the time it waits for", () => {
    const times: number[] = [];
    const twice: Generator<string> = {
      draw: ({ time }) => {
        times.push(time);
        return time < 100
          ? { kind: "wait", until: time + 50, rest: twice }
          : { kind: "operation", operation: "x", at: 0, rest: fromList([]) };
      },
    };
    const drawn = simulate(twice, { sessions: 1, seed: "42", latencyNanos: () => 1 });
    expect(times).toEqual([0, 50, 100]);
    expect(drawn.map(({ time }) => time)).toEqual([100]);
  });

  test("ends when all wait for ever, and refuses waiting without end", () => {
    const options = { sessions: 2, seed: "42", latencyNanos: () => 1 };
    const waiting = (more: number): Generator<never> => {
      const generator: Generator<never> = {
        draw: ({ time }) => ({ kind: "wait", until: time + more, rest: generator }),
      };
      return generator;
    };
    expect(simulate(waiting(Infinity), options)).toEqual([]);
    expect(() => simulate(waiting(0), options)).toThrow("without end");
    expect(() => simulate(waiting(1), options)).toThrow("without end");
  });
});
