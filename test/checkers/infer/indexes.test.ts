import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyedIndex } from "../../../src/checkers/infer/keyed-index.ts";
import { PairIndex } from "../../../src/checkers/infer/pair-index.ts";

const pair = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 300 }));

test("a pair index is a map", () => {
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 200 }), fc.array(pair), (set, asked) => {
      const index = new PairIndex();
      const expected = new Map<string, number>();
      set.forEach(([first, second], i) => {
        index.set(first, second, i);
        expected.set(`${first} ${second}`, i);
      });
      for (const [first, second] of [...set, ...asked])
        expect(index.get(first, second)).toBe(expected.get(`${first} ${second}`) ?? -1);
    }),
  );
});

test("a keyed index keeps what was set first", () => {
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 200 }), fc.array(pair), (set, asked) => {
      const most = new Uint32Array(5);
      for (const [key] of set) most[key] = most[key]! + 1;
      const index = new KeyedIndex(most);
      const expected = new Map<string, number>();
      set.forEach(([key, element], i) => {
        const name = `${key} ${element}`;
        expect(index.setNew(key, element, i)).toBe(expected.get(name) ?? -1);
        if (!expected.has(name)) expected.set(name, i);
      });
      for (const [key, element] of [...set, ...asked])
        expect(index.get(key, element)).toBe(expected.get(`${key} ${element}`) ?? -1);
    }),
  );
});
