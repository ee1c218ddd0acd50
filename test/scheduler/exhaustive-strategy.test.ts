import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { exhaustiveStrategy, type ExhaustiveOptions } from "../../src/scheduler/exhaustive-strategy.ts";
import { randomStrategy } from "../../src/scheduler/random-strategy.ts";
import { ScheduleDivergence } from "../../src/scheduler/schedule-divergence.ts";
import { scripts, servers } from "./arbitraries.ts";
import { operation } from "./scripts.ts";
import { type Execution, explore, type Script, simulate } from "./simulation.ts";

const server = { database: "postgres", isolation: "read-committed" } as const;
const unpruned = { ...server, prune: false };

/** A session with one operation of so many steps, the commit among them, on a table of its own. */
function session(steps: number, table: string): Script {
  return [operation(...Array.from({ length: steps - 1 }, () => `r ${table}0`))];
}

/** `0 1 1 0`: who was let go. */
function order({ schedule }: Execution): string {
  return schedule.steps.map(({ move }) => (move.kind === "grant" ? move.session : move.kind)).join(" ");
}

function seenIn(executions: readonly Execution[]): string[] {
  return [...new Set(executions.map(({ seen }) => seen))].sort();
}

function count(sessions: readonly Script[], options: ExhaustiveOptions): number {
  return explore(server, sessions, exhaustiveStrategy(options)).length;
}

describe("without pruning", () => {
  test.each([
    [[1], 1],
    [[2, 3], 10],
    [[3, 3], 20],
    [[4, 4], 70],
    [[2, 2, 2], 90],
    [[1, 2, 3], 60],
    [[2, 2, 2, 1], 630],
  ])("sessions of %j steps have as many interleavings as the multinomial says: %d", (steps, expected) => {
    const sessions = steps.map((length, index) => session(length, "abcd".charAt(index)));
    const exploration = exhaustiveStrategy(unpruned);
    const orders = explore(server, sessions, exploration).map(order);
    expect(orders).toHaveLength(expected);
    expect(new Set(orders).size).toBe(expected);
    expect(exploration).toMatchObject({ explored: expected, pruned: 0, redundant: 0, pruning: false });
  });

  test("visits each interleaving once, and none that exists is missing, whatever waits for what", () => {
    fc.assert(
      fc.property(scripts, fc.constantFrom(...servers), fc.string(), (sessions, some, seed) => {
        const orders = explore(some, sessions, exhaustiveStrategy({ ...some, prune: false })).map(order);
        expect(new Set(orders).size).toBe(orders.length);
        const random = randomStrategy({ seed });
        for (let number = 0; number < 20; number += 1)
          expect(orders).toContain(order(simulate(some, sessions, random, number)));
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test("begins with every session in one go", () => {
    const [first, second] = explore(server, [session(2, "a"), session(3, "b")], exhaustiveStrategy(unpruned));
    expect(first === undefined ? "" : order(first)).toBe("0 0 1 1 1");
    expect(second === undefined ? "" : order(second)).toBe("0 1 1 1 0");
  });
});

describe("with a bound on preemptions", () => {
  test.each([
    [0, 2],
    [1, 4],
    [2, 6],
    [3, 6],
  ])("two sessions of two steps have, with at most %d of them, %d interleavings", (preemptions, expected) => {
    expect(count([session(2, "a"), session(2, "b")], { ...server, preemptions })).toBe(expected);
  });

  test.each([0, 1, 2, 3, 4])(
    "takes those interleavings that have at most %d, and no others",
    (preemptions) => {
      const sessions = [session(3, "a"), [...session(2, "b"), ...session(2, "b")], session(2, "c")];
      const every = explore(server, sessions, exhaustiveStrategy(unpruned)).map(order);
      const lengths = [[3], [2, 2], [2]];
      const expected = every.filter((text) => preemptionsOf(text, lengths) <= preemptions);
      const found = explore(server, sessions, exhaustiveStrategy({ ...server, preemptions })).map(order);
      expect([...found].sort()).toEqual([...expected].sort());
      expect(found.length).toBeLessThan(every.length);
    },
  );

  test("leaving a session that waits is none", () => {
    const writers = [[operation("w a0")], [operation("w a0")]];
    const found = explore(server, writers, exhaustiveStrategy({ ...server, preemptions: 1 })).map(order);
    // 0 is left in its midst, 1 comes to wait for it, and 0 goes on because it has to.
    expect(found).toContain("0 1 0 1");
    expect(explore(server, writers, exhaustiveStrategy({ ...server, preemptions: 0 })).map(order)).toEqual([
      "0 0 1 1",
      "1 1 0 0",
    ]);
  });

  test("prunes nothing, because the one of equivalent schedules that it keeps may be beyond the bound", () => {
    const exploration = exhaustiveStrategy({ ...server, preemptions: 9, prune: true });
    expect(explore(server, [session(2, "a"), session(2, "b")], exploration)).toHaveLength(6);
    expect(exploration).toMatchObject({ pruning: false, pruned: 0 });
  });
});

describe("with pruning", () => {
  test.each(servers)(
    "leaves every answer, final state and order of operations in place on %o",
    (some) => {
      const total = { every: 0, executed: 0 };
      fc.assert(
        fc.property(scripts, (sessions) => {
          const every = explore(some, sessions, exhaustiveStrategy({ ...some, prune: false }));
          const pruning = exhaustiveStrategy(some);
          expect(seenIn(explore(some, sessions, pruning))).toEqual(seenIn(every));
          expect(pruning.pruning).toBe(true);
          total.every += every.length;
          total.executed += pruning.explored;
        }),
        { numRuns: 25, examples: knots.map((sessions) => [sessions]) },
      );
      expect(total.executed).toBeLessThan(0.8 * total.every);
    },
    60_000,
  );

  test("leaves in place what happens in the phases of a plan", () => {
    const counts = { all: 0, pruning: 0 };
    const phased = scripts.map((sessions) =>
      sessions.map((script, index) => [...script, { ...operation(`w ${"abc".charAt(index)}0`), phase: 1 }]),
    );
    fc.assert(
      fc.property(phased, (sessions) => {
        fc.pre(sessions.length === 2);
        const every = explore(server, sessions, exhaustiveStrategy(unpruned));
        const pruning = exhaustiveStrategy(server);
        expect(seenIn(explore(server, sessions, pruning))).toEqual(seenIn(every));
        counts.all += 1;
        counts.pruning += Number(pruning.pruning);
      }),
      { numRuns: 10 },
    );
    expect(counts.pruning).toBe(counts.all);
  }, 60_000);

  test("executes one schedule for each order in real time of operations that do not touch each other", () => {
    // The partial orders in which one operation ends before another begins: labelled interval orders.
    const exploration = exhaustiveStrategy(server);
    expect(explore(server, [session(2, "a"), session(2, "b")], exploration)).toHaveLength(3);
    expect(count([session(2, "a"), session(2, "b"), session(2, "c")], server)).toBe(19);
    expect(count([session(4, "a"), session(4, "b")], server)).toBe(3);
    expect(exploration.explored).toBe(3 + exploration.redundant);
    expect(exploration.pruned).toBeGreaterThan(0);
  });

  test("executes all where everything is in one table", () => {
    const writers = [[operation("w a0")], [operation("w a1")]];
    expect(count(writers, server)).toBe(count(writers, unpruned));
  });

  test("is given up, and the exploration begun anew, when sessions turn out to wait for each other elsewhere", () => {
    const sessions = [session(2, "a"), session(2, "b"), [...session(2, "c"), ...session(2, "c")]];
    const pooled = { ...server, pool: 2 };
    const every = explore(pooled, sessions, exhaustiveStrategy(unpruned));
    const pruning = exhaustiveStrategy(server);
    const found = explore(pooled, sessions, pruning);
    expect(pruning.pruning).toBe(false);
    expect(found.length).toBeGreaterThan(every.length);
    expect(new Set(found.map(order))).toEqual(new Set(every.map(order)));
  });
});

describe("an execution that is not deterministic", () => {
  test("is told apart by who is blocked", () => {
    const sessions = [[operation("r a0")], [operation("w a0")]];
    const exploration = exhaustiveStrategy(unpruned);
    for (let number = 0; ; number += 1)
      if (order(simulate(server, sessions, exploration, number)).startsWith("0 1")) break;
    // Here the read locks, so the writer waits.
    const other = { database: "mariadb", isolation: "serializable" } as const;
    expect(() => simulate(other, sessions, exploration, 99)).toThrow(
      expect.objectContaining({
        name: "ScheduleDivergence",
        step: 2,
        expected: { ready: [0, 1], blocked: [] },
        found: { ready: [0], blocked: [1] },
      }),
    );
  });

  test("is told apart by what a session is about to do", () => {
    const exploration = exhaustiveStrategy(unpruned);
    simulate(server, [[operation("r a0")], [operation("r a0")]], exploration, 0);
    const again = (): unknown => simulate(server, [[operation("r b0")], [operation("r a0")]], exploration, 1);
    expect(again).toThrow(ScheduleDivergence);
    exploration.begin(1, 2);
    expect(again).toThrow(
      expect.objectContaining({ step: 0, expected: expect.objectContaining({ ready: [0, 1] }) as unknown }),
    );
    expect(again).toThrow(/at step 0: expected .*table\W+a.*found .*table\W+b.*; make sure [^.]*\.$/);
  });

  test("is told apart by its end", () => {
    const exploration = exhaustiveStrategy(unpruned);
    simulate(server, [session(3, "a"), session(2, "b")], exploration, 0);
    exploration.begin(1, 2);
    expect(() => exploration.end()).toThrow(expect.objectContaining({ step: 0, found: "end" }));
  });
});

test.each([-1, 0.5, NaN])("refuses %d preemptions", (preemptions) => {
  expect(() => exhaustiveStrategy({ ...server, preemptions })).toThrow(RangeError);
});

/** What hangs together although the statements touch different tables. */
const knots: readonly (readonly Script[])[] = [
  // Who closes the deadlock is its victim.
  [[operation("w a0", "w b0")], [operation("w b0", "w a0")]],
  // The order in which two came to wait is the order in which they are woken.
  [[operation("w a0, w b0")], [operation("w a0, w c0")], [operation("w b0, w c0")]],
  // Whether a snapshot is taken before or after a commit is seen in another table later.
  [[operation("think", "r b0", "r a0")], [operation("w a0")]],
  [[operation("l b0", "r c0", "r a0")], [operation("w a0")]],
  // An error takes back more than its statement did.
  [[operation("i a0")], [operation("w b0", "i a0")], [operation("think", "r b0")]],
  [[operation("i a0")], [{ ...operation("w b0", "i a0"), end: "rollback" }], [operation("think", "r b0")]],
  // Who is woken goes on to another table, or fails and takes back what it did to another one.
  [[operation("w a0")], [operation("w a0, w b0")], [operation("think", "w b0")]],
  [[operation("i a0")], [operation("w c0", "i a0")], [operation("think", "r c0")]],
];

/** By definition: a session is left that has begun an operation and not ended it. Nobody waits here. */
function preemptionsOf(text: string, lengths: readonly (readonly number[])[]): number {
  const sessions = text.split(" ").map(Number);
  const done = lengths.map(() => 0);
  let found = 0;
  for (const [index, taken] of sessions.entries()) {
    const last = sessions[index - 1];
    if (last !== undefined && last !== taken) {
      let begun = done[last] ?? 0;
      for (const length of lengths[last] ?? []) if (begun >= length) begun -= length;
      if (begun > 0) found += 1;
    }
    done[taken] = (done[taken] ?? 0) + 1;
  }
  return found;
}
