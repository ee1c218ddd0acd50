import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeEdnHistory, readEdnHistory } from "../../../src/history/edn-history.ts";
import { textWindow } from "../../../src/history/byte-window.ts";
import { historyBuilder } from "../../../src/history/history-builder.ts";
import { HistoryError } from "../../../src/history/history-error.ts";
import { HistorySink } from "../../../src/history/history-sink.ts";
import type { History } from "../../../src/history/history.ts";
import { encodeJsonLines } from "../../../src/history/jsonl.ts";
import { readJsonLines } from "../../../src/history/json-lines-reader.ts";
import type { Operation } from "../../../src/history/operation.ts";
import { OperationReader } from "../../../src/history/fast/operation-reader.ts";
import { ednSyntax, jsonSyntax } from "../../../src/history/fast/syntax.ts";
import { plainSource, remainingSource, type TextSource } from "../../../src/history/text-source.ts";
import { header, operations } from "../arbitraries.ts";

/** The first line of EDN may be a header, and is never taken. */
const comment = ";\n";

type Kind = "edn" | "jsonl";

const formats = {
  edn: { read: readEdnHistory, syntax: ednSyntax },
  jsonl: { read: readJsonLines, syntax: jsonSyntax },
} as const;

interface Outcome {
  readonly history?: History;
  readonly warnings?: readonly string[];
  readonly error?: string;
  readonly location?: unknown;
}

function outcomeOf(kind: Kind, source: (sink: HistorySink) => TextSource): Outcome {
  const sink = new HistorySink("x");
  try {
    formats[kind].read(source(sink), "x", sink);
    return sink.finish("unknown");
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    return { error: error.message, location: error.location };
  }
}

/** What the general reader alone makes of a text. */
const slowly = (kind: Kind, text: string): Outcome => outcomeOf(kind, () => plainSource(textWindow(text)));

/** The same with the fast path in front of it, and how many operations that took. */
function quickly(kind: Kind, text: string): { readonly outcome: Outcome; readonly taken: number } {
  let taken = 0;
  const outcome = outcomeOf(kind, (sink) => {
    const reader = new OperationReader(formats[kind].syntax, sink);
    const read: OperationReader["read"] = (bytes, at, limit) => {
      const next = reader.read(bytes, at, limit);
      if (next >= 0) taken++;
      return next;
    };
    return remainingSource(textWindow(text), { read });
  });
  return { outcome, taken };
}

function takenOf(kind: Kind, text: string): number {
  const { outcome, taken } = quickly(kind, text);
  expect(outcome).toEqual(slowly(kind, text));
  return taken;
}

describe("operations that are taken", () => {
  const ednLines = (value: string): string =>
    `{:index 0, :type :ok, :process 3, :f :txn, :value ${value}, :time 5}\n`;
  test.each([
    ["as Jepsen writes them", ednLines("[[:append 1 2] [:r 3 nil] [:r 1 [2]] [:w 1 4]]")],
    ["with keywords, strings and decimals", ednLines('[[:append :x "a"] [:r "k" ["a" "b c" :d]] [:w 1.5 -2]]')],
    ["with what JSON lacks", ednLines('[[:w sym 9007199254740993] [:r ":x" [##NaN true nil]]]')],
    ["without a list", ednLines("nil") + ednLines("{:a [1 2]}").replace("index 0", "index 1")],
    ["with unusual spaces", ednLines("[ [:append  1,2 ]\t[:r 3 nil],[:r 1 [ 2,  3 ]]]\r")],
    ["with fields that nobody knows", ednLines("[]").replace("}", ', :node "n1", :debug {:a [1 #{2}]}}').replaceAll("#{2}", "2")],
    ["with an error", ednLines("[[:w 1 1]]").replace(":ok", ":fail").replace("}", ", :error [:duplicate-key \"x\"], :data {:a 1}}")],
    ["with a clock of its own", ednLines("[]").replace(":time 5", ":time -1.5")],
    ["tagged", ednLines("[]").replace("{", "#jepsen.history.Op{")],
    ["without an index, a time or a function", "{:type :invoke :process 1 :value [[:r 1 nil]]}\n{:process 1, :type :ok, :value [[:r 1 nil]]}\n"],
  ])("EDN %s", (_, text) => {
    expect(takenOf("edn", comment + text)).toBe(text.split("\n").length - 1);
  }); // prettier-ignore

  const jsonLine = (value: string): string =>
    `{"index":0,"time":5,"process":3,"type":"ok","f":"txn","value":${value}}\n`;
  test.each([
    ["as we write them", jsonLine('[["append",1,2],["rs","model/1",["1.0","2.0"]],["r",3,null]]')],
    ["with escapes", jsonLine('[["w","a\\u0041\\n","é😀"],["w","aA\\n",-1.5e3]]')],
    ["with spaces", jsonLine('[ [ "w" , 1 , 2 ] , [ "r" , 1 , [ 1 , 2 ] ] ]').replace(/"time":/, ' "time" : ')],
    ["with data and an error", jsonLine("[]").replace("}", ',"data":{"version":3},"error":{"cause":"deadlock","code":"40P01"}}')],
    ["with fields that nobody knows", jsonLine("null").replace("}", ',"node":"n1","more":[{"a":"]"}]}')],
    ["from others", '{"process":1,"type":"ok","value":[]}\n{"type":"ok","process":1,"time":1.5}\n'],
  ])("JSON %s", (_, text) => {
    expect(takenOf("jsonl", text)).toBe(text.split("\n").length - 1);
  }); // prettier-ignore
});

describe("operations that are left to the general reader", () => {
  const line = "{:index 0, :type :ok, :process 3, :f :txn, :value [[:w 1 2]], :time 5}\n";
  test.each<[string, Kind, string]>([
    ["a second one with the same index", "edn", line + line],
    ["an unknown type", "edn", line.replace(":ok", ":okay")],
    ["a named process", "edn", line.replace(":process 3", ":process :nemesis")],
    ["a field that comes twice", "edn", line.replace("}", ", :index 1}")],
    ["a strange field that comes twice", "edn", line.replace("}", ", :a 1, :a 2}")],
    ["a key that is a list", "edn", line.replace("1 2", "[1] 2")],
    ["a list in a list", "edn", line.replace(":w 1 2", ":r 1 [[2]]")],
    ["two parts", "edn", line.replace(":w 1 2", ":r 1")],
    ["an unknown kind", "edn", line.replace(":w", ":cas")],
    ["more than a line", "edn", line.replace(", ", ",\n")],
    ["a comment", "edn", line.replace("}", "} ; ok")],
    ["two in a line", "edn", line.replace("\n", " ") + line.replace("0", "1")],
    ["no newline", "edn", line.trimEnd()],
    ["a discarded value", "edn", line.replace("1 2", "1 #_3 2")],
    ["an invocation in an invocation", "edn", line.replace(":ok", ":invoke") + line.replace(":ok", ":invoke").replace("0", "1")],
    ["a leading zero", "jsonl", '{"index":00,"time":0,"process":0,"type":"ok","value":[]}\n'],
    ["a trailing comma", "jsonl", '{"index":0,"time":0,"process":0,"type":"ok","value":[["w",1,2],]}\n'],
    ["a missing comma", "jsonl", '{"index":0,"time":0,"process":0,"type":"ok","value":[["w",1,2]["w",1,3]]}\n'],
    ["a field that comes twice", "jsonl", '{"index":0,"index":1,"process":0,"type":"ok","value":[]}\n'],
    ["a field in disguise", "jsonl", '{"index":0,"\\u0069ndex":1,"process":0,"type":"ok","value":[]}\n'],
    ["a number too large", "jsonl", '{"index":0,"process":0,"type":"ok","value":[["w",1,9007199254740993]]}\n'],
    ["a header", "jsonl", '{"isolab":2}\n'],
  ])("%s (%s)", (_, kind, text) => {
    const before = kind === "edn" ? comment : "";
    expect(takenOf(kind, before + text)).toBeLessThan(text.trimEnd().split("\n").length);
  }); // prettier-ignore
});

describe("lists of one key", () => {
  const read = (lists: readonly string[]): string =>
    lists
      .map((list, index) => `{:index ${index}, :process ${index}, :type :ok, :value [[:r 1 ${list}]]}\n`)
      .join("");
  test.each([
    ["grow", ["[1]", "[1 2]", "[1 2 3]", "[1 2]", "[]", "[1 2 3 45 6]", "[1 2 3 4]", "[1 2 3 45]"]],
    ["contradict each other", ["[1 2 3]", "[1 3]", "[1 3 2 4]", "[1 2 3]", "[1 3 2]", "[1 2]", "[2]"]],
    ["are spelled in several ways", ["[1 2]", "[1, 2 3]", "[1 2 3  4]", "[1 2 3 4 5 ]", "[ 1 2]", "[1 2 3 4 5 6]"]],
    ["hold strings with separators", ['["a b"]', '["a b" "c]"]', '["a b" "c]" "d"]', '["a b"]', '["a"]']],
    ["hold one element's beginning", ["[10 20]", "[10 2]", "[1]", "[10 20 3]", "[10 201]", "[10 20 30]"]],
  ])("%s", (_, lists) => {
    expect(takenOf("edn", comment + read(lists))).toBe(lists.length);
  }); // prettier-ignore

  test("change within one operation", () => {
    const value =
      "[[:r 1 [1 2 9]] [:r 1 [1 2 3 4]] [:r 1 [1 2]] [:r 1 [1 2 3 4 5]] [:r 1 [1 2 3 4 5 6]] [:r 1 [1 2 3]]]";
    const text = `${read(["[1 2 3]"])}{:index 1, :process 1, :type :ok, :value ${value}}\n${read(["[1]"]).replace("0", "2")}`;
    expect(takenOf("edn", comment + text)).toBe(3);
  });
});

/** Transactions as recorders write them, mixed with some that they do not. */
const spelling = fc.record({
  mops: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constantFrom("append", "w", "r", "rs", "add"), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 9 })) },
      { weight: 6, arbitrary: fc.tuple(fc.constantFrom("r", "rs"), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 12 }).map((length) => Array.from({ length }, (_, i) => i))) },
      { weight: 2, arbitrary: fc.tuple(fc.constant("r"), fc.integer({ min: 0, max: 3 }), fc.array(fc.oneof(fc.integer({ min: -2, max: 9 }), fc.constantFrom("a", "b c", "]", ":k")), { maxLength: 6 })) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom("r", "cas"), fc.constantFrom("x", "y z"), fc.constantFrom(null, 1.5, "v", true)) },
    ),
    { maxLength: 5 },
  ),
  process: fc.integer({ min: 0, max: 4 }),
  type: fc.constantFrom("invoke" as const, "ok" as const, "fail" as const, "info" as const),
  error: fc.option(fc.constantFrom(null, "timeout", { cause: "deadlock" }), { nil: undefined, freq: 4 }),
}); // prettier-ignore

const plausible: fc.Arbitrary<Operation[]> = fc.array(spelling, { maxLength: 20 }).map((all) =>
  all.map(({ mops, process, type, error }, index) => ({
    index,
    time: index * 7,
    process: process + (type === "info" ? 100 * index : 0),
    type,
    f: "txn",
    value: mops,
    ...(error === undefined ? {} : { error }),
  })),
);

function written(kind: Kind, history: History): string {
  return [...(kind === "edn" ? encodeEdnHistory(history) : encodeJsonLines(history))].join("");
}

test("the fast path makes of every history what the general reader makes of it", () => {
  let taken = 0;
  let lines = 0;
  fc.assert(
    fc.property(
      fc.option(header),
      fc.oneof(plausible, operations),
      fc.constantFrom<Kind>("edn", "jsonl"),
      (head, list, kind) => {
        const builder = historyBuilder(head);
        for (const operation of list) builder.add(operation);
        taken += takenOf(kind, written(kind, builder.build()));
        lines += list.length;
      },
    ),
    { numRuns: 1000 },
  );
  // Both readers must have had work, or this proves nothing.
  expect(taken).toBeGreaterThan(lines / 4);
  expect(taken).toBeLessThan(lines);
});

test("the same of mutated ones, with the same words and places in errors", () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.integer({ min: 0, max: 3 }),
    insert: fc.oneof(
      fc.constantFrom("", "", "[", "]", "{", "}", '"', "\\", "#", "#_", ":", ";", "\n", "\r", "\t", ",", " ", "-", "0"),
      fc.constantFrom("nil", "null", "9".repeat(17), ":index 3", '"index":3,', "1.5", "[1 2]", "é", "\u0001", "\f", "()"),
    ),
  }); // prettier-ignore
  const outcomes = { read: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.oneof(fc.tuple(fc.constant(null), plausible), fc.tuple(fc.option(header), operations)),
      fc.constantFrom<Kind>("edn", "jsonl"),
      fc.array(edit, { minLength: 1, maxLength: 2 }),
      ([head, list], kind, edits) => {
        const builder = historyBuilder(head);
        for (const operation of list) builder.add(operation);
        let text = written(kind, builder.build());
        for (const { at, drop, insert } of edits) {
          const cut = Math.floor(at * text.length);
          text = text.slice(0, cut) + insert + text.slice(cut + drop);
        }
        const { outcome } = quickly(kind, text);
        expect(outcome).toEqual(slowly(kind, text));
        if (outcome.error === undefined) outcomes.read++;
        else outcomes.refused++;
      },
    ),
    { numRuns: 3000 },
  );
  expect(outcomes.read).toBeGreaterThan(100);
  expect(outcomes.refused).toBeGreaterThan(500);
});
