import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ListStore } from "../../src/history/list-store.ts";

/** Adds the lists in order, and answers where each begins. */
function store(lists: readonly { readonly key: number; readonly items: readonly number[] }[]): {
  readonly from: readonly number[];
  readonly items: Uint32Array;
} {
  const stored = new ListStore();
  const from = lists.map(({ key, items }) => stored.add(key, 0, Uint32Array.from(items), 0, items.length));
  return { from, items: stored.view() };
}

describe("lists of one key", () => {
  const of = (...lists: readonly (readonly number[])[]): ReturnType<typeof store> =>
    store(lists.map((items) => ({ key: 3, items })));

  test("share what they agree on", () => {
    const { from, items } = of([], [1], [1, 2, 3], [1, 2], [1, 2, 3, 4], []);
    expect(from).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...items]).toEqual([1, 2, 3, 4]);
  });

  test("do not share what they disagree on", () => {
    const { from, items } = of([1, 2, 3], [1, 9], [1, 2, 3, 4]);
    expect([...items.subarray(from[1], (from[1] ?? 0) + 2)]).toEqual([1, 9]);
    expect([...items.subarray(from[2], (from[2] ?? 0) + 4)]).toEqual([1, 2, 3, 4]);
  });

  test("follow the longer of two that disagree", () => {
    const { from } = of([1], [2, 3], [2, 3, 4], [2]);
    expect(from[2]).toBe(from[1]);
    expect(from[3]).toBe(from[1]);
    const short = of([1, 2, 3], [4], [1, 2, 3]);
    expect(short.from[2]).toBe(short.from[0]);
  });
});

test("a thousand reads of ten growing lists cost a few times what the longest hold", () => {
  const lists = Array.from({ length: 1000 }, (_, i) => ({
    key: i % 10,
    items: Array.from({ length: 1 + Math.floor(i / 10) }, (__, j) => j),
  }));
  expect(store(lists).items.length).toBeLessThan(4 * 10 * 100);
});

test("every list is stored as it is, in whatever order they come", () => {
  const list = fc.record({
    key: fc.integer({ min: 0, max: 2 }),
    length: fc.integer({ min: 0, max: 12 }),
    /** Where it leaves the usual order, if it does. */
    odd: fc.option(fc.integer({ min: 0, max: 12 })),
  });
  fc.assert(
    fc.property(fc.array(list, { maxLength: 40 }), (shapes) => {
      const lists = shapes.map(({ key, length, odd }) => ({
        key,
        items: Array.from({ length }, (_, i) => (i === odd ? 99 : i)),
      }));
      const { from, items } = store(lists);
      lists.forEach((expected, i) => {
        const begin = from[i] ?? 0;
        expect([...items.subarray(begin, begin + expected.items.length)]).toEqual(expected.items);
      });
    }),
  );
});
