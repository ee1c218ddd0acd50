import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HistoryError } from "../../src/history/history-error.ts";
import { historyBuilder } from "../../src/history/history-builder.ts";
import type { History } from "../../src/history/history.ts";
import { operationAt } from "../../src/history/operation-at.ts";
import type { Json, Operation } from "../../src/history/operation.ts";
import { operations } from "./arbitraries.ts";

function build(lines: readonly Operation[]): History {
  const builder = historyBuilder(null);
  for (const line of lines) builder.add(line);
  return builder.build();
}

function ofKeys(keys: readonly Json[]): History {
  const value = keys.map((key) => ["w", key, key] as const);
  return build([{ index: 0, time: 0, process: 0, type: "invoke", f: "txn", value }]);
}

test("gives every operation back as it was added", () => {
  fc.assert(
    fc.property(operations, (lines) => {
      const history = build(lines);
      expect(lines.map((_, row) => operationAt(history, row))).toEqual(lines);
    }),
  );
});

test("fills the columns as they are described", () => {
  const history = build([
    { index: 2, time: 5, process: 7, type: "invoke", f: "a", value: [["append", "x", 1], ["r", "y", null]] },
    { index: 3, time: 6, process: "nemesis", type: "info", f: "kill", value: { node: 1 } },
    { index: 9, time: 8, process: 7, type: "ok", f: "a", value: [["append", "x", 1], ["r", "y", [1, 2, 1]]] },
    { index: 10, time: 9, process: 8, type: "ok", f: "a", value: [["cas", "x", "1"]], data: null },
  ]); // prettier-ignore
  expect(history).toMatchObject({ length: 4, processNames: ["nemesis"], functions: ["a", "kill"] });
  expect([...history.index]).toEqual([2, 3, 9, 10]);
  expect([...history.process]).toEqual([7, -1, 7, 8]);
  expect([...history.type]).toEqual([0, 3, 1, 1]);
  expect([...history.pair]).toEqual([2, -1, 0, -1]);
  expect([...history.mopStart]).toEqual([0, 2, 2, 4, 5]);
  expect([...history.mopKind]).toEqual([0, 1, 0, 1, 5]);
  expect([...history.otherKinds]).toEqual([[4, "cas"]]);
  expect(history.keys).toEqual(["x", "y"]);
  expect([...history.mopKey]).toEqual([0, 1, 0, 1, 0]);
  expect([...history.mopShape]).toEqual([1, 0, 1, 2, 1]);
  expect(history.values).toEqual([1, 2, "1"]);
  expect([...history.mopValue]).toEqual([0, 0, 0, 0, 2]);
  expect([...history.listFrom]).toEqual([0]);
  expect([...history.listTo]).toEqual([3]);
  expect([...history.listItems]).toEqual([0, 1, 0]);
  expect([...history.otherValues]).toEqual([[1, { node: 1 }]]);
  expect([...history.data]).toEqual([[3, null]]);
});

test("an empty list of micro-operations is not the same as none", () => {
  const base = { time: 0, process: 0, type: "ok", f: "txn" } as const;
  const history = build([
    { ...base, index: 0, value: [] },
    { ...base, index: 1, value: null },
  ]);
  expect(operationAt(history, 0).value).toEqual([]);
  expect(operationAt(history, 1).value).toBeNull();
});

describe("interning", () => {
  test("tells values of different kinds apart", () => {
    const keys = [1, "1", true, "true", null, "null", [1], "[1]", {}, "{}", [], 1.5, -1, 2 ** 40, "x"];
    expect(ofKeys(keys).keys).toEqual(keys);
  });

  test("merges what is equal as JSON", () => {
    const history = ofKeys([{ a: 1, b: [2] }, { b: [2], a: 1 }, 0, -0, 5_000_000, 5_000_000, 1.5, 1.5]);
    expect([...history.mopKey]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect(Object.is(history.keys[1], 0)).toBe(true);
  });

  test("agrees with a slow oracle", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 600 }), { maxLength: 200 }), (numbers) => {
        const distinct = [...new Set(numbers)];
        const history = ofKeys(numbers);
        expect([...history.mopKey]).toEqual(numbers.map((value) => distinct.indexOf(value)));
      }),
    );
  });

  test.each([[2 ** 53], [-(2 ** 53)], [Number.NaN], [Number.POSITIVE_INFINITY], [[2 ** 53]]])(
    "refuses %s",
    (key) => {
      expect(() => ofKeys([key])).toThrow(HistoryError);
    },
  );
});

test("a build is a copy: more may be added and built again", () => {
  const builder = historyBuilder(null);
  const line = (index: number): Operation => ({ index, time: 0, process: index, type: "ok", f: "txn", value: [["w", index, index]] }); // prettier-ignore
  builder.add(line(0));
  const early = builder.build();
  for (let index = 1; index < 1000; index++) builder.add(line(index));
  expect(early).toMatchObject({ length: 1, keys: [0] });
  expect(early.mopKey).toHaveLength(1);
  expect(operationAt(builder.build(), 999)).toEqual(line(999));
});

test("a build does not change when an operation of it completes later, or a list of it grows", () => {
  const builder = historyBuilder(null);
  const base = { time: 0, process: 0, f: "txn" } as const;
  builder.add({ ...base, index: 0, type: "invoke", value: [["r", "x", [1]]] });
  const early = builder.build();
  builder.add({ ...base, index: 1, type: "ok", value: [["r", "x", [1, 2]]] });
  expect([...early.pair]).toEqual([-1]);
  expect(operationAt(early, 0).value).toEqual([["r", "x", [1]]]);
  expect([...builder.build().pair]).toEqual([1, 0]);
});

test("a process with several operations open is not paired until all are closed", () => {
  const line = (index: number, type: Operation["type"]): Operation => ({ index, time: 0, process: 0, type, f: "txn", value: [] }); // prettier-ignore
  const types = ["invoke", "invoke", "ok", "ok", "invoke", "ok", "ok"] as const;
  expect([...build(types.map((type, index) => line(index, type))).pair]).toEqual([-1, -1, -1, -1, 5, 4, -1]);
});

test("there is no operation beyond the end", () => {
  expect(() => operationAt(build([]), 0)).toThrow(RangeError);
});

test("a micro-operation without a value, as others write it, has the value null", () => {
  const builder = historyBuilder(null);
  const value = [["r", "x"]] as unknown as Operation["value"];
  builder.add({ index: 0, time: 0, process: 0, type: "ok", f: "txn", value });
  expect(operationAt(builder.build(), 0).value).toEqual([["r", "x", null]]);
});
