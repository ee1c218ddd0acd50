import { describe, expect, test } from "vitest";

import type { Party } from "../../../src/checkers/explain/party.ts";
import { findingSentence } from "../../../src/checkers/explain/finding-sentence.ts";
import { searchOf } from "../../../src/checkers/explain/read-words.ts";
import { stepSentence } from "../../../src/checkers/explain/step-sentence.ts";
import type { Json, Mop, Operation } from "../../../src/history/operation.ts";

interface Told {
  readonly f?: string;
  readonly type?: Operation["type"];
  readonly data?: Json;
  readonly index?: number;
}

function party(name: string, mops: readonly Mop[], told: Told = {}): Party {
  const { f = "txn", type = "ok", data, index = name === "T1" ? 10 : 11 } = told;
  const rest = data === undefined ? {} : { data };
  const operation: Operation = { index, time: index, process: 3, type, f, value: mops, ...rest };
  return { name, operation, mops, invokedIndex: index - 5 };
}

describe("registrations", () => {
  const saw = (versions: readonly number[]): Told => ({
    f: "register",
    data: { version: 7, versions: { "model/3": versions } },
  });
  const reader = party(
    "T1",
    [
      ["rs", "model/3", ["a", "b"]],
      ["add", "model/3", "c"],
    ],
    saw([5, 6]),
  );
  const writer = party(
    "T2",
    [
      ["rs", "model/3", ["a", "b"]],
      ["add", "model/3", "d"],
    ],
    saw([5, 6]),
  );

  test("that were not seen are told by their version, and by what was seen instead", () => {
    expect(stepSentence({ type: "rwp", key: "model/3", value: "d" }, reader, writer)).toBe(
      "T1 did not see T2's registration of version 7 of model/3, though T2 committed it: T1 read versions 5 to 6",
    );
  });

  test("whose version only a reader tells are told by that", () => {
    const silent = party("T1", [["add", "model/3", "d"]], { f: "register" });
    const later = party("T2", [["rs", "model/3", ["a", "d"]]], { data: { versions: { "model/3": [1, 9] } } });
    expect(stepSentence({ type: "wr", key: "model/3", value: "d" }, silent, later)).toBe(
      "T2 saw T1's registration of version 9 of model/3: it read versions 1 and 9",
    );
  });

  test("whose version nobody tells are told by their element", () => {
    const silent = party("T2", [["add", "model/3", "d"]], { f: "register", type: "info" });
    const empty = party("T1", [["rs", "model/3", []]]);
    expect(stepSentence({ type: "rwp", key: "model/3", value: "d" }, empty, silent)).toBe(
      "T1 did not see T2's registration of d in model/3, though it took effect: T1 read {}",
    );
  });
});

describe("registers", () => {
  const one = party("T1", [
    ["r", "x", 4],
    ["w", "x", 5],
  ]);
  const two = party("T2", [
    ["r", "x", 5],
    ["w", "x", 6],
  ]);

  test.each([
    ["ww", 6, "T2's write of 6 to x came after T1's write of 5 to x"],
    ["wr", 5, "T2 saw T1's write of 5 to x"],
    ["rw", 6, "T1 did not see T2's write of 6 to x, though T2 committed it: T1 read 4"],
  ] as const)("%s", (type, value, sentence) => {
    expect(stepSentence({ type, key: "x", value }, one, two)).toBe(sentence);
  });

  test("a read of nothing, and a write that had long committed", () => {
    const early = party("T2", [["w", "x", 6]], { index: 2 });
    const unset = party("T1", [["r", "x", null]]);
    expect(stepSentence({ type: "rw", key: "x", value: 6 }, unset, early)).toBe(
      "T1 did not see T2's write of 6 to x, though T2 had committed before T1 began: T1 read nothing there",
    );
  });

  test("numbers for keys are called keys", () => {
    const a = party("T1", [["w", 4, 1]]);
    const b = party("T2", [["w", 4, 2]]);
    expect(stepSentence({ type: "ww", key: 4, value: 2, before: 1 }, a, b)).toBe(
      "T2's write of 2 to key 4 replaced T1's write of 1 to key 4",
    );
  });
});

describe("rows with a version", () => {
  const one = party("T1", [
    ["r", "x", [6, "a"]],
    ["w", "x", [7, "b"]],
  ]);
  const two = party("T2", [
    ["r", "x", [6, "a"]],
    ["w", "x", [7, "c"]],
  ]);
  const blind = party("T2", [["w", "x", [8, "d"]]]);

  test.each([
    ["the version", 7],
    ["the value", "c"],
    ["both", [7, "c"]],
  ])("are found by %s", (_, value) => {
    expect(stepSentence({ type: "rw", key: "x", value }, one, two)).toBe(
      "T1 did not see T2's version 7 of x (c), though T2 committed it: T1 read version 6",
    );
  });

  test("are built on where they were not read", () => {
    expect(stepSentence({ type: "wr", key: "x", value: 7 }, one, blind)).toBe(
      "T2 built on T1's version 7 of x (b)",
    );
    expect(stepSentence({ type: "ww", key: "x", value: 8, before: 7 }, one, blind)).toBe(
      "T2's version 8 of x (d) replaced T1's version 7 of x (b)",
    );
  });

  test("may be deleted, and may not be known by number", () => {
    const unknown = party("T1", [["w", "x", [null, "b"]]], { type: "info" });
    const gone = party("T2", [["w", "x", [8, null]]]);
    expect(stepSentence({ type: "ww", key: "x" }, unknown, gone)).toBe(
      "T2's delete of x (version 8) came after T1's write of b to x",
    );
  });

  test("ties are told by the number", () => {
    expect(findingSentence([one, two], { type: "tied-versions", key: "x", element: "c" })).toBe(
      "T1 and T2 both committed a write with the same version number: T1's version 7 of x (b) and T2's version 7 of x (c).",
    );
  });

  test("lost updates name the version that all read", () => {
    expect(findingSentence([one, two], { type: "lost-update", key: "x" })).toBe(
      "T1 and T2 each read x as version 6 and then wrote it, knowing nothing of the other: T1's version 7 of x (b) and T2's version 7 of x (c). All but one of these updates ignore another.",
    );
  });
});

describe("what is not known is left out", () => {
  const a = party("T1", [["rp", "stage = live", null]]);
  const b = party("T2", [["insert", "row/1", { stage: "live" }]]);

  test("micro-operations of other kinds keep their own words", () => {
    expect(stepSentence({ type: "rwp", key: "row/1" }, a, b)).toBe(
      'T1 did not see T2\'s insert of row/1, though T2 committed it: T1 searched for "stage = live"',
    );
    expect(stepSentence({ type: "wr", key: "row/1" }, b, a)).toBe(
      'T1 searched for "stage = live" and saw T2\'s insert of row/1',
    );
  });

  test("neither side says anything of the key", () => {
    expect(stepSentence({ type: "ww", key: "z", value: 1 }, a, b)).toBe("T2's 1 in z came after T1 wrote z");
    expect(stepSentence({ type: "rw" }, a, b)).toMatch(/^T1 did not see T2's write to /);
  });
});

describe("long lists are cut to what decides", () => {
  const long = Array.from({ length: 5_000 }, (_, i) => i);
  const reader = party("T1", [["r", "x", long]]);

  test("an element that was not seen would have come at the end", () => {
    const writer = party("T2", [["append", "x", 5_000]]);
    expect(stepSentence({ type: "rw", key: "x", value: 5_000, before: 4_999 }, reader, writer)).toBe(
      "T1 did not see T2's append of 5000 to x, though T2 committed it: T1 read [… 4,997 more, 4997, 4998, 4999]",
    );
  });

  test("an element that was seen is shown with its neighbours", () => {
    const writer = party("T2", [["append", "x", 2_500]]);
    expect(stepSentence({ type: "wr", key: "x", value: 2_500 }, writer, reader)).toBe(
      "T1 saw T2's append of 2500 to x: it read [… 2,498 more, 2498, 2499, 2500, 2501, 2502, 2,497 more …]",
    );
  });

  test("two reads that fork are shown where they do", () => {
    const other = party("T2", [["r", "x", long.map((item) => (item === 1_000 ? -1 : item))]]);
    expect(findingSentence([reader, other], { type: "incompatible-order", key: "x" })).toBe(
      "Neither read of x is the beginning of the other: T1 read [… 998 more, 998, 999, 1000, 1001, 1002, 3,997 more …], T2 read [… 998 more, 998, 999, -1, 1001, 1002, 3,997 more …].",
    );
  });

  test("an element that shows twice is shown the second time", () => {
    const twice = party("T1", [["r", "x", [...long, 7]]]);
    expect(findingSentence([twice], { type: "duplicate-elements", key: "x", element: 7 })).toBe(
      "T1 read 7 more than once in x, though it was written once: it read [… 4,998 more, 4998, 4999, 7].",
    );
  });
});

test.each([
  ["G1a", "T1 saw T2's append of 1 to x (it read [1]), and T2 failed."],
  [
    "G1b",
    "T1 saw T2's append of 1 to x (it read [1]): a state in the middle of T2, which went on to write x again.",
  ],
  ["garbage-read", "T1 saw 1 in x (it read [1]), which nobody wrote."],
  ["future-read", "T1 saw 1 in x (it read [1]) before it wrote that itself."],
  ["something-new", "T1 and T2 show something-new on 1 in x."],
])("%s", (type, sentence) => {
  const named = [party("T1", [["r", "x", [1]]]), party("T2", [["append", "x", 1]], { type: "fail" })];
  expect(findingSentence(named, { type, key: "x", element: 1 })).toBe(sentence);
});

describe("a search is told in words", () => {
  test.each([
    [true, "all rows"],
    [["=", 5], "rows with the value 5"],
    [["=", "stage", "live"], "rows with stage = live"],
    [["mod", 3, 1], "rows that are 1 modulo 3"],
    [["near", 1, 2, 3], '["near",1,2,3]'],
  ] as const)("%j", (predicate, words) => {
    expect(searchOf(party("T1", [["rp", predicate, []]]))).toBe(words);
  });
});

test("a circle of one transaction is told as what it is", () => {
  const own = party("T1", [
    ["r", "x", 1],
    ["w", "x", 1],
  ]);
  expect(findingSentence([own], { type: "G1c", key: "x", element: 1 })).toBe(
    "T1 saw its own write of 1 to x before it made it, so it came before itself.",
  );
});
