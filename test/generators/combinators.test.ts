import { describe, expect, test } from "vitest";

import { concat } from "../../src/generators/concat.ts";
import { forever, repeat } from "../../src/generators/forever.ts";
import { fromList } from "../../src/generators/from-list.ts";
import type { Generator } from "../../src/generators/generator.ts";
import { limit } from "../../src/generators/limit.ts";
import { map } from "../../src/generators/map.ts";
import { mix } from "../../src/generators/mix.ts";
import { perSession } from "../../src/generators/per-session.ts";
import { phases } from "../../src/generators/phases.ts";
import { numbers, operationsOf, run } from "./bench.ts";

describe("fromList", () => {
  test("gives each operation once, in order, and is done", () => {
    expect(operationsOf(fromList(numbers(50)))).toEqual(numbers(50));
    expect(operationsOf(fromList([]))).toEqual([]);
  });

  test("is not changed by changes to the list afterwards", () => {
    const list = ["a", "b"];
    const generator = fromList(list);
    list[1] = "changed";
    expect(operationsOf(generator)).toEqual(["a", "b"]);
  });
});

describe("repeat and forever", () => {
  test("repeat gives the same operation without end", () => {
    expect(operationsOf(repeat("x"), 100)).toEqual(new Array(100).fill("x"));
  });

  test("forever makes an operation for every draw, from the stream and the asking session", () => {
    const drawn = run(
      forever((rng, { session }) => ({ session, roll: rng.int(6) })),
      300,
    );
    expect(drawn.every(({ session, operation }) => operation.session === session)).toBe(true);
    expect(new Set(drawn.map(({ operation }) => operation.roll)).size).toBe(6);
  });
});

describe("limit", () => {
  test("counts the operations of all sessions together", () => {
    const drawn = run(limit(17, repeat("x")));
    expect(drawn).toHaveLength(17);
    expect(new Set(drawn.map(({ session }) => session)).size).toBe(5);
  });

  test("of a shorter generator ends with it, and of none is empty", () => {
    expect(operationsOf(limit(10, fromList([1, 2])))).toEqual([1, 2]);
    expect(operationsOf(limit(0, repeat("x")))).toEqual([]);
  });

  test("does not count turns in which a session waits", () => {
    const generator = perSession((session) => fromList(session === 0 ? numbers(8) : []));
    expect(operationsOf(limit(8, generator))).toEqual(numbers(8));
  });

  test.each([-1, 0.5, NaN, Infinity])("refuses the count %s", (count) => {
    expect(() => limit(count, repeat("x"))).toThrow(RangeError);
  });
});

describe("map", () => {
  test("changes every operation and nothing else", () => {
    const plain = run(mix([[1, limit(20, repeat(1))], [2, limit(20, repeat(2))]])); // prettier-ignore
    const mapped = run(map((n) => n * 10, mix([[1, limit(20, repeat(1))], [2, limit(20, repeat(2))]]))); // prettier-ignore
    expect(mapped).toEqual(plain.map((each) => ({ ...each, operation: each.operation * 10 })));
  });
});

describe("concat", () => {
  test("goes on with the next one when one is done, without waiting for anybody", () => {
    const drawn = run(concat(fromList([1, 2, 3]), fromList<number>([]), fromList([4, 5])));
    expect(drawn.map(({ operation }) => operation)).toEqual([1, 2, 3, 4, 5]);
    // Five sessions, five operations: all start at once.
    expect(drawn.map(({ time }) => time)).toEqual([0, 0, 0, 0, 0]);
  });

  test("of nothing is done", () => {
    expect(operationsOf(concat())).toEqual([]);
  });
});

describe("phases", () => {
  test("nobody starts a phase before everybody has completed the one before", () => {
    const drawn = run(
      phases(limit(23, repeat(0)), limit(7, repeat(1)), fromList<number>([]), limit(40, repeat(2))),
    );
    expect(drawn).toHaveLength(70);
    for (const later of drawn)
      for (const earlier of drawn)
        if (earlier.operation < later.operation) expect(later.time).toBeGreaterThanOrEqual(earlier.completed);
    // Within a phase they do overlap, or the barrier would have proven nothing.
    expect(drawn.filter(({ time }) => time === 0)).toHaveLength(5);
  });

  test("a phase that draws per session ends when the slowest session has reached its end", () => {
    const uneven = perSession((session) => limit(session * 3, repeat("first")));
    const drawn = run(phases(uneven, limit(10, repeat("second"))));
    const firsts = drawn.filter(({ operation }) => operation === "first");
    const seconds = drawn.filter(({ operation }) => operation === "second");
    expect(firsts).toHaveLength(0 + 3 + 6 + 9 + 12);
    expect(seconds).toHaveLength(10);
    const lastEnd = Math.max(...firsts.map(({ completed }) => completed));
    expect(Math.min(...seconds.map(({ time }) => time))).toBeGreaterThanOrEqual(lastEnd);
    expect(new Set(seconds.map(({ session }) => session)).size).toBe(5);
  });

  test("keep their barriers inside other phases, concat, limit and map", () => {
    const inner = phases(limit(5, repeat(0)), limit(5, repeat(1)));
    const twice = concat(inner, map((n) => n + 2, inner)); // prettier-ignore
    const drawn = run(limit(18, phases(twice)));
    expect(drawn).toHaveLength(18);
    for (const later of drawn)
      for (const earlier of drawn)
        if (earlier.operation < later.operation) expect(later.time).toBeGreaterThanOrEqual(earlier.completed);
  });
});

describe("perSession", () => {
  test("gives every session its own generator, and no other session draws from it", () => {
    const drawn = run(perSession((session) => map((n) => `${session}/${n}`, fromList(numbers(20)))));
    for (const asking of numbers(5)) {
      const own = drawn.filter(({ session }) => session === asking).map(({ operation }) => operation);
      expect(own).toEqual(numbers(20).map((n) => `${asking}/${n}`));
    }
  });

  test("is done when every session is, however unequal they are", () => {
    const drawn = run(perSession((session) => limit(session === 3 ? 50 : 1, repeat(session))));
    expect(drawn).toHaveLength(54);
  });

  test("drops barriers inside, which concern the one session alone", () => {
    const drawn = run(
      perSession(() => phases(repeat("x"))),
      5,
    );
    expect(drawn.map(({ time }) => time)).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("mix", () => {
  test("draws from its generators in proportion to their weights", () => {
    const drawn = operationsOf(mix([[7, repeat("a")], [2, repeat("b")], [1, repeat("c")]]), 5000); // prettier-ignore
    const share = (name: string): number => drawn.filter((each) => each === name).length / drawn.length;
    // Standard deviations are at most √(0.25/5000) = 0.007.
    expect(Math.abs(share("a") - 0.7)).toBeLessThan(0.03);
    expect(Math.abs(share("b") - 0.2)).toBeLessThan(0.03);
    expect(Math.abs(share("c") - 0.1)).toBeLessThan(0.03);
  });

  test("leaves the share of a generator that is done to the others, and ends with the last", () => {
    const drawn = operationsOf(mix([[9, limit(10, repeat("a"))], [1, limit(200, repeat("b"))]])); // prettier-ignore
    expect(drawn.filter((each) => each === "a")).toHaveLength(10);
    expect(drawn.filter((each) => each === "b")).toHaveLength(200);
    expect(drawn.lastIndexOf("a")).toBeLessThan(60);
  });

  test("passes over a generator that has nothing for the asking session", () => {
    const onlyForZero = perSession((session) => limit(session === 0 ? 30 : 0, repeat("own")));
    const drawn = run(mix([[1, onlyForZero], [1, limit(100, repeat("shared"))]])); // prettier-ignore
    const own = drawn.filter(({ operation }) => operation === "own");
    expect(own).toHaveLength(30);
    expect(new Set(own.map(({ session }) => session))).toEqual(new Set([0]));
    expect(drawn).toHaveLength(130);
  });

  test("waits for the earliest of its generators where none has anything yet", () => {
    const from = (start: number): Generator<number> => {
      const generator: Generator<number> = {
        draw: ({ time }) =>
          time < start
            ? { kind: "wait", until: start, rest: generator }
            : { kind: "operation", operation: start, at: 0, rest: fromList<number>([]) },
      };
      return generator;
    };
    const drawn = run(mix([[1, from(900)], [1, from(300)], [1, from(600)]])); // prettier-ignore
    expect(drawn.map(({ time, operation }) => [time, operation])).toEqual([
      [300, 300],
      [600, 600],
      [900, 900],
    ]);
  });

  test("of nothing is done, and weights that are none are refused", () => {
    expect(operationsOf(mix([]))).toEqual([]);
    for (const weight of [0, -1, NaN, Infinity])
      expect(() => mix([[weight, repeat("x")]])).toThrow(RangeError);
  });
});
