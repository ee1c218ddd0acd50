import { describe, expect, test } from "vitest";

import { executedPoint, type Fork, waitingAt } from "../../src/scheduler/fork.ts";
import type { Point } from "../../src/scheduler/point.ts";
import type { Choice } from "../../src/scheduler/strategy.ts";

function point(session: number, more: Partial<Point> = {}): Point {
  const footprint = { tables: ["a"], readOnly: false };
  const whole = {
    session,
    operation: 0,
    attempt: 0,
    kind: "query",
    sql: "…",
    first: false,
    begins: false,
  } as const;
  return { ...whole, footprint, ...more };
}

function choice(ready: readonly Point[], blocked: readonly number[]): Choice {
  return { step: 0, ready, blocked, last: undefined };
}

function fork(taken: Point, blocked: readonly number[] = []): Fork {
  return {
    choice: choice([taken], blocked),
    preemptions: 0,
    asleep: [],
    taken,
    open: [],
    executed: undefined,
  };
}

describe("what the next choice tells of a step", () => {
  test.each([
    ["goes on", point(0), choice([point(0)], []), {}],
    ["waits", point(0), choice([point(1)], [0]), { changedBlocked: true }],
    [
      "ends its operation without a commit",
      point(0),
      choice([point(1)], []),
      { ended: true, mayHaveFailed: true },
    ],
    [
      "goes on to another attempt",
      point(0),
      choice([point(0, { begins: true })], []),
      { ended: true, mayHaveFailed: true },
    ],
    [
      "goes on to a rollback",
      point(0),
      choice([point(0, { kind: "rollback" })], []),
      { mayHaveFailed: true },
    ],
    ["goes on to a commit", point(0), choice([point(0, { kind: "commit" })], []), {}],
    ["has nothing to lose but its statement", point(0, { first: true }), choice([], []), { ended: true }],
    ["commits", point(0, { kind: "commit" }), choice([], []), { ended: true }],
  ])("its session %s", (_, taken, after, told) => {
    const nothing = { changedBlocked: false, ended: false, mayHaveFailed: false };
    expect(executedPoint(fork(taken), after)).toEqual({ point: taken, ...nothing, ...told });
  });

  test("a statement that wakes another session failed, whatever its code makes of it", () => {
    const executed = executedPoint(fork(point(0), [1]), choice([point(0), point(1)], []));
    expect(executed).toMatchObject({ changedBlocked: true, ended: false, mayHaveFailed: true });
    const end = executedPoint(fork(point(0, { kind: "commit" })), undefined);
    expect(end).toMatchObject({ ended: true, mayHaveFailed: false });
  });
});

describe("who waits", () => {
  const touching = (tables: readonly string[] | "all", more: Partial<Point> = {}): Fork =>
    fork(point(2, { footprint: { tables, readOnly: false }, ...more }));

  test("does so in its last point, with all that its transaction has touched, and no other", () => {
    const last = touching(["c"]);
    const path = [
      touching(["z"], { first: true }),
      touching(["a"], { first: true }),
      fork(point(1)),
      touching(["b", "a"]),
      last,
    ];
    const here = fork(point(0), [2]);
    const later = touching(["y"]);
    expect(waitingAt([...path, here, later], here)).toEqual([
      { point: last.taken, transaction: { tables: ["a", "b", "c"], readOnly: false } },
    ]);
  });

  test("may have touched anything when one statement may", () => {
    const here = fork(point(0), [2]);
    const path = [touching("all", { first: true }), touching(["b"]), here];
    expect(waitingAt(path, here)[0]?.transaction.tables).toBe("all");
  });
});
