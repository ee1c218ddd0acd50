import { describe, expect, test } from "vitest";

import { check } from "../../src/checkers/check.ts";
import { unknownOutcomes } from "../../src/checkers/unknown-outcomes.ts";
import type { History } from "../../src/history/history.ts";
import type { Mop } from "../../src/history/operation.ts";
import { failed, info, ok, play, type Play } from "./at-rest/plays.ts";
import { event, fromEvents, header } from "./support/notation.ts";

const none = { happened: 0, didNot: 0, unknowable: 0, readOnly: 0 };

/** One after the other, all of unknown outcome or not, then the reads at rest. */
function after(
  plays: readonly Play[],
  rest: readonly Mop[],
  head = header("mariadb", "read-committed"),
): History {
  const named = Object.fromEntries(plays.map((one, number) => [`${number}`, one]));
  const moments = plays.flatMap((_, number) => [`(${number}`, `)${number}`]).join(" ");
  return play(named, moments, rest, head);
}

test("a history without them says nothing, and a verdict neither", () => {
  const history = after([ok(["add", "s", "a"]), failed(["add", "s", "b"])], [["rs", "s", ["a"]]]);
  expect(unknownOutcomes(history)).toBeUndefined();
  expect(check(history)).not.toHaveProperty("outcomes");
});

test("a verdict holds them", () => {
  const history = after([info(["add", "s", "a"]), ok(["add", "s", "b"])], [["rs", "s", ["a", "b"]]]);
  expect(check(history).outcomes).toEqual({ ...none, happened: 1 });
});

test("sets tell of each", () => {
  const plays = [
    info(["add", "s", "a"]),
    info(["add", "s", "b"]),
    info(["rs", "s", null]),
    info(["add", "t", "c"]),
  ];
  expect(unknownOutcomes(after(plays, [["rs", "s", ["b"]]]))).toEqual({
    happened: 1,
    didNot: 1,
    unknowable: 1,
    readOnly: 1,
  });
});

test("an operation that never completed counts, and what a fault is does not", () => {
  const history = fromEvents([
    event(0, "invoke", [["add", "s", "a"]]),
    event("nemesis", "invoke", null),
    event("nemesis", "info", "killed"),
    { ...event(1, "invoke", [["rs", "s", null]]), f: "read-at-rest" },
    { ...event(1, "ok", [["rs", "s", []]]), f: "read-at-rest" },
  ]);
  expect(unknownOutcomes(history)).toEqual({ ...none, didNot: 1 });
});

test("one write that is there is enough, and all must be gone", () => {
  const half = info(["add", "s", "a"], ["add", "t", "a"]);
  expect(
    unknownOutcomes(
      after(
        [half],
        [
          ["rs", "s", ["a"]],
          ["rs", "t", []],
        ],
      ),
    ),
  ).toEqual({ ...none, happened: 1 });
  expect(unknownOutcomes(after([half], [["rs", "t", []]]))).toEqual({ ...none, unknowable: 1 });
});

test("one that says nothing of what it does cannot be known", () => {
  expect(unknownOutcomes(after([info()], []))).toEqual({ ...none, unknowable: 1 });
  expect(unknownOutcomes(after([info(["zap", "x", 1])], []))).toEqual({ ...none, unknowable: 1 });
});

test("a value that is there happened; one that may have been replaced cannot be known", () => {
  const [one, two] = [["w", "v", 1] as const, ["w", "v", 2] as const];
  expect(unknownOutcomes(after([info(one)], [["r", "v", 1]]))).toEqual({ ...none, happened: 1 });
  expect(unknownOutcomes(after([info(one), ok(two)], [["r", "v", 2]]))).toEqual({ ...none, unknowable: 1 });
  expect(unknownOutcomes(after([ok(two), info(one)], [["r", "v", 2]]))).toEqual({ ...none, didNot: 1 });
});

test("what several wrote tells of none of them", () => {
  const write = ["w", "v", 1] as const;
  for (const other of [ok(write), info(write)])
    expect(unknownOutcomes(after([info(write), other], [["r", "v", 1]]))).toMatchObject({ happened: 0 });
  const twice = info(write, ["w", "u", 1], write);
  expect(unknownOutcomes(after([twice], [["r", "v", 1]]))).toEqual({ ...none, happened: 1 });
});

describe("reads of others", () => {
  const written = info(["w", "v", 1]);
  const read = ok(["r", "v", 1]);
  const over = ok(["w", "v", 2]);
  const rest: readonly Mop[] = [["r", "v", 2]];

  test("count where the level shows only what is committed", () => {
    expect(unknownOutcomes(after([written, read, over], rest))).toEqual({ ...none, happened: 1 });
    const postgres = header("postgres", "read-uncommitted");
    expect(unknownOutcomes(after([written, read, over], rest, postgres))).toEqual({ ...none, happened: 1 });
    expect(unknownOutcomes(after([written, read], []))).toEqual({ ...none, happened: 1 });
  });

  test("do not where it may show more, or nobody knows the level, or the reader may have failed", () => {
    const dirty = header("mariadb", "read-uncommitted");
    expect(unknownOutcomes(after([written, read, over], rest, dirty))).toEqual({ ...none, unknowable: 1 });
    const unnamed = play({ written, read, over }, "(written )written (read )read (over )over", rest, null);
    expect(unknownOutcomes(unnamed)).toEqual({ ...none, unknowable: 1 });
    const not = failed(["r", "v", 1]);
    expect(unknownOutcomes(after([written, not, over], rest))).toEqual({ ...none, unknowable: 1 });
  });

  test("do not where a committed read shows what a failed operation wrote", () => {
    const aborted = [failed(["w", "u", 7]), ok(["r", "u", 7])];
    expect(unknownOutcomes(after([written, read, over, ...aborted], rest))).toEqual({
      ...none,
      unknowable: 1,
    });
  });

  test("count through every list that shows the element, also where a longer one was read before", () => {
    const append = info(["append", "l", 2]);
    const reads = [ok(["r", "l", [1]]), ok(["r", "l", [1, 2]]), ok(["r", "l", [1]])];
    const plays = [ok(["append", "l", 1]), append, ...reads];
    expect(unknownOutcomes(after(plays, []))).toEqual({ ...none, happened: 1 });
  });
});

describe("lists", () => {
  const [one, two] = [info(["append", "l", 1]), ok(["append", "l", 2])];
  const overwritten: readonly Mop[] = [["r", "l", [2]]];
  const serializable = header("mariadb", "serializable");

  test("what is absent may have been written over, unless the level forbids it", () => {
    expect(unknownOutcomes(after([one, two], overwritten))).toEqual({ ...none, unknowable: 1 });
    expect(unknownOutcomes(after([one, two], overwritten, serializable))).toEqual({ ...none, didNot: 1 });
  });

  test("nor does that help where an acknowledged append is absent too", () => {
    const lost = ok(["append", "l", 3]);
    expect(unknownOutcomes(after([one, lost, two], overwritten, serializable))).toEqual({
      ...none,
      unknowable: 1,
    });
  });

  test("where uncommitted reads may be written back, only the last element surely was committed", () => {
    const dirty = header("mariadb", "read-uncommitted");
    const both: readonly Mop[] = [["r", "l", [1, 2]]];
    expect(unknownOutcomes(after([one, two], both, dirty))).toEqual({ ...none, unknowable: 1 });
    expect(unknownOutcomes(after([one], [["r", "l", [1]]], dirty))).toEqual({ ...none, happened: 1 });
    expect(unknownOutcomes(after([one, two], both))).toEqual({ ...none, happened: 1 });
  });
});
