import { describe, expect, test } from "vitest";

import {
  type ExecutedPoint,
  independent,
  type IndependenceOptions,
  type WaitingSession,
} from "../../src/scheduler/independence.ts";
import type { Footprint, Point } from "../../src/scheduler/point.ts";

const options: IndependenceOptions = { isolation: "read-committed", database: "postgres" };

/** A step in the midst of an attempt that touches tables; without `readOnly` it writes. */
function step(
  session: number,
  tables: string,
  more: Partial<Point & ExecutedPoint> & { readOnly?: true } = {},
): ExecutedPoint {
  const { changedBlocked = false, ended = false, mayHaveFailed = false, readOnly = false, ...point } = more;
  const footprint: Footprint = { tables: tables === "all" ? tables : tables.split(""), readOnly };
  const whole = {
    session,
    operation: session,
    attempt: 0,
    kind: "query",
    sql: "…",
    first: false,
    begins: false,
    footprint,
  } as const;
  return { point: { ...whole, ...point }, changedBlocked, ended, mayHaveFailed };
}

function both(
  a: ExecutedPoint,
  b: ExecutedPoint,
  more: Partial<IndependenceOptions> = {},
  waiting: readonly WaitingSession[] = [],
): boolean {
  const answer = independent(a, b, waiting, { ...options, ...more });
  expect(independent(b, a, waiting, { ...options, ...more })).toBe(answer);
  return answer;
}

const read = { readOnly: true } as const;
const commit = { kind: "commit", sql: null, ended: true } as const;
const rollback = { ...commit, kind: "rollback" } as const;
const think = { kind: "think", sql: null } as const;

describe("two steps of different sessions", () => {
  test.each([
    ["other tables", step(0, "ab"), step(1, "c"), true],
    ["a table in common", step(0, "ab"), step(1, "bc"), false],
    ["no tables at all", step(0, ""), step(1, ""), true],
    ["who knows which tables", step(0, "all"), step(1, "c"), false],
    ["who knows which tables, and none", step(0, "all", read), step(1, "", read), false],
    ["two plain reads of one table", step(0, "a", read), step(1, "a", read), true],
    ["a read and a write of one table", step(0, "a", read), step(1, "a"), false],
    ["a think", step(0, "all"), step(1, "", think), true],
    ["a commit of a table that is touched", step(0, "a", commit), step(1, "a", read), false],
    ["a commit of other tables", step(0, "a", commit), step(1, "b", { first: true }), true],
    ["two commits of other tables", step(0, "a", commit), step(1, "b", commit), true],
    ["a statement of one session before the other", step(0, "a"), step(0, "b"), false],
    [
      "a statement that asks who holds locks",
      step(0, "a"),
      step(1, "b", { sql: "select 1 from b for update skip locked" }),
      false,
    ],
    [
      "a statement that must not wait",
      step(0, "a"),
      step(1, "b", { sql: "SELECT 1 FROM b FOR UPDATE NOWAIT" }),
      false,
    ],
    ["a lock by its name", step(0, "a"), step(1, "b", { sql: "select get_lock('x', 0) from b" }), false],
    ["a statement that may have failed", step(0, "a", { mayHaveFailed: true }), step(1, "b"), false],
    [
      "the end of an operation and the begin of one",
      step(0, "a", commit),
      step(1, "b", { begins: true }),
      false,
    ],
    [
      "a rollback and the begin of an operation",
      step(0, "a", rollback),
      step(1, "b", { begins: true }),
      false,
    ],
    [
      "an operation that ends and one that begins with a think",
      step(0, "", { ...think, ended: true }),
      step(1, "", { ...think, begins: true }),
      false,
    ],
    ["two begins", step(0, "a", { begins: true }), step(1, "b", { begins: true }), true],
    ["two ends", step(0, "", { ...think, ended: true }), step(1, "b", commit), true],
    ["one that comes to wait", step(0, "a", { changedBlocked: true }), step(1, "b"), true],
    [
      "two that come to wait",
      step(0, "a", { changedBlocked: true }),
      step(1, "b", { changedBlocked: true }),
      false,
    ],
  ])("%s", (_, a, b, expected) => {
    expect(both(a, b)).toBe(expected);
  });
});

describe("a commit and a statement in another table", () => {
  const first = step(1, "b", { ...read, first: true });
  const later = step(1, "b", read);
  test.each([
    ["read-uncommitted", "postgres", true, true],
    ["read-committed", undefined, true, true],
    ["repeatable-read", "postgres", false, true],
    ["repeatable-read", "mysql", false, false],
    ["repeatable-read", "mariadb", false, false],
    ["repeatable-read", undefined, false, false],
    ["serializable", "mariadb", false, false],
    ["serializable", "postgres", false, false],
  ] as const)(
    "at %s on %s: the first one %s, a later one %s",
    (isolation, database, withFirst, withLater) => {
      for (const end of [commit, rollback]) {
        expect(both(step(0, "a", end), first, { isolation, database })).toBe(withFirst);
        expect(both(step(0, "a", end), later, { isolation, database })).toBe(withLater);
      }
      expect(both(step(0, "a", commit), step(1, "", think), { isolation, database })).toBe(true);
    },
  );
});

describe("a statement that writes outside of any transaction, beside one in a table of its own", () => {
  const first = step(1, "b", { ...read, first: true, alone: false });
  const later = step(1, "b", { ...read, alone: false });
  test.each([
    ["read-committed", "postgres", true, true],
    ["repeatable-read", "postgres", false, true],
    ["repeatable-read", "mariadb", false, false],
    ["serializable", "mariadb", false, false],
  ] as const)(
    "at %s on %s: the first one of a transaction %s, a later one %s",
    (isolation, database, withFirst, withLater) => {
      const write = step(0, "a", { first: true, alone: true });
      expect(both(write, first, { isolation, database })).toBe(withFirst);
      expect(both(write, later, { isolation, database })).toBe(withLater);
    },
  );

  test("changes places with one that commits itself too, and with all where it is in a transaction or only reads", () => {
    const where = { isolation: "repeatable-read", database: "postgres" } as const;
    const write = step(0, "a", { first: true, alone: true });
    expect(both(write, step(1, "b", { first: true, alone: true }), where)).toBe(true);
    expect(both(step(0, "a", { first: true, alone: false }), first, where)).toBe(true);
    expect(both(step(0, "a", { ...read, first: true, alone: true }), first, where)).toBe(true);
  });

  test("is taken for one where that is not known", () => {
    const where = { isolation: "repeatable-read", database: "postgres" } as const;
    expect(both(step(0, "a", { first: true }), first, where)).toBe(false);
    expect(both(step(0, "a"), first, where)).toBe(true);
  });
});

test.each([
  ["postgres", false],
  [undefined, false],
  ["mysql", true],
  ["mariadb", true],
] as const)("serializable on %s lets statements in other tables change places: %s", (database, expected) => {
  const serializable = { isolation: "serializable", database } as const;
  expect(both(step(0, "a"), step(1, "b"), serializable)).toBe(expected);
  expect(both(step(0, "a", read), step(1, "a", read), serializable)).toBe(false);
});

describe("while a session waits", () => {
  const waiting = [{ point: step(2, "wx").point, transaction: { tables: ["w", "x", "y"], readOnly: false } }];

  test.each([
    ["neither has to do with it", step(0, "a"), step(1, "b"), true],
    ["one may wake it", step(0, "w", commit), step(1, "b"), true],
    [
      "one may wake it, and the other is in the way of what it does then",
      step(0, "w", commit),
      step(1, "x"),
      false,
    ],
    [
      "one may wake it, and the other sees what it takes back when it fails",
      step(0, "w", commit),
      step(1, "y", read),
      false,
    ],
    [
      "one may wake it, and the other comes to wait itself",
      step(0, "w", commit),
      step(1, "b", { changedBlocked: true }),
      false,
    ],
    [
      "one may wake it, and its operation may end before another begins",
      step(0, "w"),
      step(1, "b", { begins: true }),
      false,
    ],
    ["a think", step(0, "w", commit), step(1, "", think), true],
  ])("%s", (_, a, b, expected) => {
    expect(both(a, b, {}, waiting)).toBe(expected);
  });

  test("nothing changes places with anything where only one may wait, but a think", () => {
    expect(both(step(0, "a"), step(1, "b"), { oneWaiter: true }, waiting)).toBe(false);
    expect(both(step(0, "a"), step(1, "", think), { oneWaiter: true }, waiting)).toBe(true);
    expect(both(step(0, "a"), step(1, "b"), { oneWaiter: true })).toBe(true);
  });
});
