import fc from "fast-check";
import { expect, test } from "vitest";
import { adjacency } from "../../../src/checkers/graph/adjacency.ts";
import { EdgeList } from "../../../src/checkers/graph/edge-list.ts";

const edge = fc.record({
  from: fc.integer({ min: 0, max: 5 }),
  to: fc.integer({ min: 0, max: 39 }),
  type: fc.constantFrom(1, 2, 4, 16, 64),
});

test("holds each edge once, sorted by source and target, with every way in which it was added", () => {
  fc.assert(
    // More edges than are sorted by insertion, of few nodes.
    fc.property(fc.array(edge, { maxLength: 150 }), (added) => {
      const list = new EdgeList(40);
      const expected = new Map<string, number>();
      for (const { from, to, type } of added) {
        list.add(from, to, type);
        const name = `${from} ${to}`;
        if (from !== to) expected.set(name, (expected.get(name) ?? 0) | type);
      }
      const { nodes, start, target, mask } = adjacency(list.nodes, list.columns());
      const found: [string, number][] = [];
      for (let v = 0; v < nodes; v++)
        for (let e = start[v]!; e < start[v + 1]!; e++) found.push([`${v} ${target[e]}`, mask[e]!]);
      const order = ([a]: [string, number], [b]: [string, number]): number => {
        const [from = 0, to = 0] = a.split(" ").map(Number);
        const [otherFrom = 0, otherTo = 0] = b.split(" ").map(Number);
        return from - otherFrom || to - otherTo;
      };
      expect(found).toEqual([...expected].sort(order));
      expect(target).toHaveLength(found.length);
    }),
  );
});

test("an edge list keeps keys and values in order while it grows", () => {
  const list = new EdgeList(2);
  for (let i = 0; i < 1000; i++) list.add(i % 2, (i + 1) % 2, 1, i, 2 * i);
  const { from, key, value } = list.columns();
  expect(list.length).toBe(1000);
  expect([...from.subarray(998)]).toEqual([0, 1]);
  expect([...key]).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  expect(value[999]).toBe(1998);
});
