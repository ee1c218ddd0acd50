import { describe, expect, test } from "vitest";

import { vanishedWrites } from "../../../src/checkers/at-rest/vanished-writes.ts";
import type { History } from "../../../src/history/history.ts";
import { mopAt } from "../../../src/history/operation-at.ts";
import type { Mop } from "../../../src/history/operation.ts";
import { event, fromEvents } from "../support/notation.ts";
import { atRest, failed, info, ok, play } from "./plays.ts";

/** What is gone, as micro-operations. */
function gone(history: History): readonly Mop[] | null {
  const found = vanishedWrites(history);
  if (found === null) return null;
  return [...found.gone.keys()]
    .filter((write) => found.gone[write] === 1)
    .map((write) => mopAt(history, found.writes.mop[write]!));
}

describe("when something is at rest", () => {
  const add = ok(["add", "s", "a"]);

  test("nothing is known without a read at rest, nor of what it did not read", () => {
    expect(gone(play({ a: add }, "(a )a", []))).toBeNull();
    expect(gone(play({ a: add }, "(a )a", [["rs", "t", []]]))).toEqual([]);
  });

  test("nothing is known where somebody goes on beside the reads, or it is not told when they began", () => {
    const read = atRest(9, ["rs", "s", []]);
    const write = [event(1, "invoke", [["add", "s", "a"]]), event(1, "ok", [["add", "s", "a"]])];
    expect(gone(fromEvents([...write, ...read]))).toEqual([["add", "s", "a"]]);
    expect(gone(fromEvents([write[0]!, read[0]!, write[1]!, read[1]!]))).toBeNull();
    expect(gone(fromEvents([...read, ...write]))).toBeNull();
    expect(gone(fromEvents([...write, read[1]!]))).toBeNull();
  });

  test("a read at rest that did not surely happen shows nothing", () => {
    const read = atRest(9, ["rs", "s", []]).map((one) =>
      one.type === "ok" ? { ...one, type: "info" } : one,
    );
    const write = [event(1, "invoke", [["add", "s", "a"]]), event(1, "ok", [["add", "s", "a"]])];
    expect(gone(fromEvents([...write, ...(read as typeof write)]))).toEqual([]);
  });

  test("a fault is nobody whose work goes on", () => {
    const fault = [event("nemesis", "invoke", null), event("nemesis", "info", "killed")];
    const write = [event(1, "invoke", [["add", "s", "a"]]), event(1, "ok", [["add", "s", "a"]])];
    expect(gone(fromEvents([...write, ...atRest(9, ["rs", "s", []]), ...fault]))).toEqual([
      ["add", "s", "a"],
    ]);
  });
});

describe("sets", () => {
  test("what is not shown is gone, overlap or not", () => {
    const plays = { a: ok(["add", "s", "a"]), b: ok(["add", "s", "b"]), c: info(["add", "s", "c"]) };
    expect(gone(play(plays, "(a (b )a (c )b )c", [["rs", "s", ["b"]]]))).toEqual([
      ["add", "s", "a"],
      ["add", "s", "c"],
    ]);
  });

  test("what one of several reads shows is there, and a read without a result shows nothing", () => {
    const plays = { a: ok(["add", "s", "a"]) };
    expect(
      gone(
        play(plays, "(a )a", [
          ["rs", "s", []],
          ["rs", "s", ["a"]],
        ]),
      ),
    ).toEqual([]);
    expect(gone(play(plays, "(a )a", [["rs", "s", null]]))).toEqual([]);
  });

  test("an element in another set is not there", () => {
    const plays = { a: ok(["add", "s", "a"]), b: ok(["add", "t", "a"]) };
    const rest: Mop[] = [
      ["rs", "t", ["a"]],
      ["rs", "s", []],
    ];
    expect(gone(play(plays, "(a )a (b )b", rest))).toEqual([["add", "s", "a"]]);
    expect(gone(play(plays, "(a )a (b )b", rest.toReversed()))).toEqual([["add", "s", "a"]]);
  });

  test("a key that is written in two ways is not judged", () => {
    const plays = { a: ok(["add", "s", "a"]), b: ok(["zap", "s", 1]) };
    expect(gone(play(plays, "(a )a (b )b", [["rs", "s", []]]))).toEqual([]);
  });
});

describe("lists", () => {
  const a = ok(["append", "l", "a"]);
  const b = ok(["append", "l", "b"]);

  test("an element is gone where nobody that wrote beside it is in the list", () => {
    expect(gone(play({ a, b }, "(a )a (b )b", [["r", "l", ["b"]]]))).toEqual([["append", "l", "a"]]);
    expect(gone(play({ a, b }, "(b )b (a )a", [["r", "l", ["b"]]]))).toEqual([["append", "l", "a"]]);
    for (const nothing of [[], null])
      expect(gone(play({ a, b }, "(a (b )b )a", [["r", "l", nothing]]))).toHaveLength(2);
  });

  test("one that overlaps may have written over it", () => {
    expect(gone(play({ a, b }, "(a (b )a )b", [["r", "l", ["b"]]]))).toEqual([]);
    expect(gone(play({ a, b }, "(b (a )b )a", [["r", "l", ["b"]]]))).toEqual([]);
    expect(gone(play({ a, b }, "(b (a )a )b", [["r", "l", ["b"]]]))).toEqual([]);
  });

  test("one that overlaps and is not there itself has not", () => {
    const plays = { a, b, c: ok(["append", "l", "c"]) };
    expect(gone(play(plays, "(a (b )a )b (c )c", [["r", "l", ["c"]]]))).toHaveLength(2);
  });

  test("one of unknown outcome has no end", () => {
    const plays = { a, b: info(["append", "l", "b"]) };
    expect(gone(play(plays, "(b )b (a )a", [["r", "l", ["b"]]]))).toEqual([]);
    expect(gone(play(plays, "(b (a )a", [["r", "l", ["b"]]]))).toEqual([]);
    expect(gone(play(plays, "(a )a (b )b", [["r", "l", ["b"]]]))).toEqual([["append", "l", "a"]]);
    // And may come late, over what began after it.
    expect(gone(play({ a: info(["append", "l", "a"]), b }, "(a )a (b )b", [["r", "l", ["b"]]]))).toEqual([]);
  });

  test("a failed one whose element stayed in the list may have written over it", () => {
    const plays = { a, b: failed(["append", "l", "b"]), c: ok(["append", "l", "c"]) };
    expect(gone(play(plays, "(a (b )a (c )c )b", [["r", "l", ["b", "c"]]]))).toEqual([]);
  });

  test("one that appends twice may write over its own first element", () => {
    const plays = { a: ok(["append", "l", 1], ["append", "l", 2]) };
    expect(gone(play(plays, "(a )a", [["r", "l", [2]]]))).toEqual([]);
  });

  test("a list with an element that nobody wrote is not judged, nor what is no list", () => {
    expect(gone(play({ a, b }, "(a )a (b )b", [["r", "l", ["b", "x"]]]))).toEqual([]);
    expect(gone(play({ a, b }, "(a )a (b )b", [["r", "l", "b"]]))).toEqual([]);
    expect(gone(play({ a, b: ok(["append", "l", [1]]) }, "(a )a (b )b", [["r", "l", []]]))).toEqual([]);
  });

  test("an operation of which nobody knows when it began overlaps all before it", () => {
    expect(gone(play({ a, b }, "(b )b )a", [["r", "l", ["b"]]]))).toEqual([]);
  });
});

describe("values", () => {
  const one = ok(["w", "v", 1]);
  const two = ok(["w", "v", 2]);

  test("a write is gone where what is there was over before it began", () => {
    expect(gone(play({ one, two }, "(one )one (two )two", [["r", "v", 1]]))).toEqual([["w", "v", 2]]);
    expect(gone(play({ one, two }, "(one (two )two )one", [["r", "v", 1]]))).toEqual([]);
    expect(gone(play({ one, two }, "(one )one (two )two", [["r", "v", 2]]))).toEqual([]);
    expect(gone(play({ one }, "(one )one", [["r", "v", null]]))).toEqual([["w", "v", 1]]);
  });

  test("a later write of the same value, and one of unknown outcome, may be what is there", () => {
    const again = ok(["w", "v", 1]);
    expect(gone(play({ one, two, again }, "(one )one (two )two (again )again", [["r", "v", 1]]))).toEqual([]);
    const unsure = info(["w", "v", 1]);
    expect(gone(play({ unsure, two }, "(unsure )unsure (two )two", [["r", "v", 1]]))).toEqual([]);
  });

  test("what nobody wrote, or only who failed, is not judged", () => {
    expect(gone(play({ two }, "(two )two", [["r", "v", 1]]))).toEqual([]);
    const not = failed(["w", "v", 1]);
    expect(gone(play({ not, two }, "(not )not (two )two", [["r", "v", 1]]))).toEqual([]);
  });

  test("a failed write of the same value after the first makes no difference", () => {
    const not = failed(["w", "v", 1]);
    expect(gone(play({ one, two, not }, "(one )one (two )two (not )not", [["r", "v", 1]]))).toEqual([
      ["w", "v", 2],
    ]);
  });

  test("versions are told apart by their values", () => {
    const plays = { one: ok(["w", "v", [1, "a"]]), two: ok(["w", "v", [null, "b"]]) };
    expect(gone(play(plays, "(one )one (two )two", [["r", "v", [1, "a"]]]))).toEqual([
      ["w", "v", [null, "b"]],
    ]);
  });

  test("reads at rest that disagree, and values that are not understood, prove nothing", () => {
    const rest: Mop[] = [
      ["r", "v", 1],
      ["r", "v", null],
    ];
    expect(gone(play({ one, two }, "(one )one (two )two", rest))).toEqual([]);
    const strange = ok(["w", "v", [1, 2, 3]]);
    expect(
      gone(play({ one, two, strange }, "(one )one (strange )strange (two )two", [["r", "v", 1]])),
    ).toEqual([]);
    expect(gone(play({ one, two }, "(one )one (two )two", [["r", "v", [1, 2, 3]]]))).toEqual([]);
  });
});

describe("rows", () => {
  const insert = ok(["insert", "k", "a"]);

  test("a row that nobody deleted is gone where it is not there", () => {
    expect(gone(play({ insert }, "(insert )insert", [["r", "k", null]]))).toEqual([["insert", "k", "a"]]);
  });

  test("a deletion that was over before, or failed, is no reason", () => {
    const remove = ok(["delete", "k", null]);
    const moments = "(remove )remove (insert )insert";
    expect(gone(play({ remove, insert }, moments, [["r", "k", null]]))).toEqual([["insert", "k", "a"]]);
    const not = failed(["delete", "k", null]);
    expect(gone(play({ insert, not }, "(insert )insert (not )not", [["r", "k", null]]))).toEqual([
      ["insert", "k", "a"],
    ]);
  });

  test("any other deletion may be the reason", () => {
    for (const remove of [ok, info].map((kind) => kind(["delete", "k", null])))
      for (const moments of ["(insert )insert (remove )remove", "(insert (remove )remove )insert"])
        expect(gone(play({ insert, remove }, moments, [["r", "k", null]]))).toEqual([]);
  });

  test("a deletion is gone where the row is there as it was before", () => {
    const remove = ok(["delete", "k", null]);
    expect(gone(play({ insert, remove }, "(insert )insert (remove )remove", [["r", "k", "a"]]))).toEqual([
      ["delete", "k", null],
    ]);
  });

  test("an operation of unknown outcome may delete what it does not name, if such operations delete at all", () => {
    const rest: Mop[] = [["r", "k", null]];
    const moments = "(insert )insert (take )take (unsure )unsure";
    const take = { ...ok(["delete", "other", null]), f: "take" };
    const unsure = { ...info(["r", "other", null]), f: "take" };
    expect(gone(play({ insert, take, unsure }, moments, rest))).toEqual([]);
    const look = { ...unsure, f: "look" };
    expect(gone(play({ insert, take, unsure: look }, moments, rest))).toEqual([["insert", "k", "a"]]);
    expect(gone(play({ insert, take, unsure: info() }, moments, rest))).toEqual([]);
    const nulled = { ...ok(["w", "other", null]), f: "take" };
    expect(gone(play({ insert, take: nulled, unsure }, moments, rest))).toEqual([]);
  });
});
