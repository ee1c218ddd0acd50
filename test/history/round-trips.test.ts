import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeEdnHistory } from "../../src/history/edn-history.ts";
import type { Header } from "../../src/history/header.ts";
import { historyBuilder } from "../../src/history/history-builder.ts";
import type { History } from "../../src/history/history.ts";
import { encodeHeader, encodeJsonLines, encodeOperation } from "../../src/history/jsonl.ts";
import { parseHistory } from "../../src/history/load-history.ts";
import type { Operation } from "../../src/history/operation.ts";
import { header, operations, someHeader } from "./arbitraries.ts";

function build(head: Header | null, lines: readonly Operation[]): History {
  const builder = historyBuilder(head);
  for (const line of lines) builder.add(line);
  return builder.build();
}

const jsonl = (history: History): string => [...encodeJsonLines(history)].join("");
const edn = (history: History): string => [...encodeEdnHistory(history)].join("");

test("fields are written in one order, whatever order they came in", () => {
  const line = encodeOperation({
    error: { cause: "deadlock", code: "40P01" },
    data: { version: 3 },
    value: [["rs", "model/1", ["3.0"]]],
    f: "register",
    type: "fail",
    process: 0,
    time: 3,
    index: 1,
  });
  expect(line).toBe(
    '{"index":1,"time":3,"process":0,"type":"fail","f":"register","value":[["rs","model/1",["3.0"]]],"data":{"version":3},"error":{"cause":"deadlock","code":"40P01"}}',
  );
  const { database, ...rest } = someHeader;
  expect(encodeHeader({ database, ...rest })).toBe(
    '{"isolab":1,"seed":"42","workload":"register","params":{},"mode":"stress","isolation":"read-committed","database":{"kind":"postgres","version":"18.4","settings":{}}}',
  );
});

test("an operation that JSON cannot keep exactly is refused with its place", () => {
  const line = { index: 4, time: 0, process: 0, type: "ok", f: "txn", value: [["w", "x", 2 ** 53]] } as const;
  expect(() => encodeOperation(line)).toThrow(
    'expected "value.0.2" of operation 4 to hold numbers up to 2^53 - 1',
  );
  const date = { ...line, value: null, data: { at: new Date(0) as unknown as string } };
  expect(() => encodeOperation(date)).toThrow(
    'expected "data.at" of operation 4 to hold nothing but JSON values',
  );
});

test("JSON lines → history → JSON lines is byte-identical", () => {
  fc.assert(
    fc.property(fc.option(header), operations, (head, lines) => {
      const text = jsonl(build(head, lines));
      expect(jsonl(parseHistory(text, "x.jsonl").history)).toBe(text);
    }),
  );
});

test("JSON lines → EDN → JSON lines is byte-identical, and so is EDN written twice", () => {
  fc.assert(
    fc.property(fc.option(header), operations, (head, lines) => {
      const history = build(head, lines);
      const text = edn(history);
      const { history: again, warnings } = parseHistory(text, "x.edn");
      expect(warnings).toEqual([]);
      expect(jsonl(again)).toBe(jsonl(history));
      expect(edn(again)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test("a JSON array holds the same history as JSON lines", () => {
  fc.assert(
    fc.property(operations, fc.constantFrom("", " ", "\r\n\t"), (lines, space) => {
      const text = `[${space}${lines.map(encodeOperation).join(`${space},${space}`)}${space}]${space}`;
      expect(jsonl(parseHistory(text, "x.json").history)).toBe(jsonl(build(null, lines)));
    }),
  );
});

describe("Jepsen's EDN", () => {
  const ofOne = (value: string): string =>
    `{:index 0, :time 0, :process 0, :type :ok, :f :txn, :value ${value}}\n`;

  test.each([
    ["[[:append 1 2] [:r :x nil] [:r :x [1 2]]]", '[["append",1,2],["r",":x",null],["r",":x",[1,2]]]'],
    ['[[:w "x" 1] [:w :x 1] [:w ":x" 1]]', '[["w","x",1],["w",":x",1],["w",{"#string":":x"},1]]'],
    ["[[:w 9007199254740993 1.5]]", '[["w",{"#int":"9007199254740993"},1.5]]'],
    ["[[:w -9223372036854775809N 1.50M]]", '[["w",{"#int":"-9223372036854775809"},{"#decimal":"1.50"}]]'],
    ["[[:w ##NaN 1e+300]]", '[["w",{"#float":"NaN"},{"#float":"1e+300"}]]'],
    ["[[:w [\\a \\newline] sym]]", '[["w",[{"#char":"a"},{"#char":"\\n"}],{"#symbol":"sym"}]]'],
    ['["n2" {"n1" "OK", :n3 nil}]', '["n2",{"n1":"OK",":n3":null}]'],
    ["#{1 :x}", '{"#set":[":x",1]}'],
    ["{1 2, nil 3}", '{"#map":[[1,2],[null,3]]}'],
    ['#inst "2026-01-01"', '{"#tag":["inst","2026-01-01"]}'],
    ["nil", "null"],
    ["[]", "[]"],
  ])("%s", (value, expected) => {
    const { history } = parseHistory(ofOne(value), "x.edn");
    const line = jsonl(history);
    expect(line).toBe(`{"index":0,"time":0,"process":0,"type":"ok","f":"txn","value":${expected}}\n`);
    const back = edn(parseHistory(line, "x.jsonl").history);
    // A set and a map with odd keys come back sorted; everything else as it was.
    expect(back).toBe(ofOne(value.replace("#{1 :x}", "#{:x 1}")));
  });

  const plain =
    "{:process 0, :type :invoke, :value [[:r 1 nil]]}\n{:process 0, :type :ok, :value [[:r 1 [2]]]}\n";
  const expected =
    '{"index":0,"time":0,"process":0,"type":"invoke","f":"txn","value":[["r",1,null]]}\n' +
    '{"index":1,"time":1,"process":0,"type":"ok","f":"txn","value":[["r",1,[2]]]}\n';

  test.each([
    ["maps one after the other, without index, time and f", plain],
    ["one vector", `[${plain}]`],
    ["one list with a comment", `; made by hand\n(${plain})`],
    ["tagged records", plain.replaceAll("{", "#jepsen.history.Op{")],
    ["lists for vectors, and lots of commas", "{:process 0,,,:type :invoke,:value ([:r 1 nil])},\r\n{:process 0 :type :ok :value ((:r 1 (2)))}"],
    ["nil for what is missing", plain.replaceAll("{", "{:index nil, :time nil, :f nil, ")],
    ["unknown fields and discarded values", plain.replaceAll("{", "{:node \"n1\", #_ignored :extra #_[1 2] {:a 1}, ")],
    ["a namespaced map in an unknown field", plain.replaceAll("{", "{:ex #:slingshot{:a 1 :b/c 2}, ")],
    ["a byte order mark", `\uFEFF${plain}`],
  ])("reads %s", (_, text) => {
    expect(jsonl(parseHistory(text, "x.edn").history)).toBe(expected);
  }); // prettier-ignore

  test("names the nemesis and its functions as Jepsen does", () => {
    const text = "{:index 3, :time 16, :process :nemesis, :type :info, :f :kill-node, :value nil}\n";
    const { history } = parseHistory(text, "x.edn");
    expect(history.processNames).toEqual(["nemesis"]);
    expect(history.functions).toEqual(["kill-node"]);
    expect(edn(history)).toBe(text);
  });

  test("completions only, and a process that goes on after info, load from others", () => {
    const text =
      "{:type :ok, :process 0, :value [[:w :x 1]]}\n{:type :info, :process 0, :value []}\n{:type :ok, :process 0, :value []}";
    expect([...parseHistory(text, "x.edn").history.pair]).toEqual([-1, -1, -1]);
  });
});
