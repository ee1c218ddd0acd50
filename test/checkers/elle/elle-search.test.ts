import { expect, test } from "vitest";

import { Budget } from "../../../src/checkers/cycles/budget.ts";
import { specNamed } from "../../../src/checkers/cycles/cycle-spec.ts";
import type { ElleGraph } from "../../../src/checkers/elle/elle-graph.ts";
import { elleCycle } from "../../../src/checkers/elle/elle-search.ts";
import { placeOf, visitingOrder } from "../../../src/checkers/elle/visiting-order.ts";
import { edge } from "../../../src/checkers/graph/edge-type.ts";

/** What real Elle's cycles of two transactions begin with, by the indices of both. */
const begun: readonly (readonly [first: number, second: number])[] = [
  ...([
    [6, 8],
    [3, 4],
    [3, 2],
    [20, 22],
    [19, 22],
    [44, 43],
    [132, 133],
    [114, 115],
    [111, 97],
  ] as const),
  ...([
    [10, 5],
    [5, 3],
    [140, 135],
    [115, 76],
    [565, 574],
    [239, 241],
    [989, 984],
  ] as const),
];

const graphOf = (edges: readonly (readonly [from: number, to: number, mask: number])[]): ElleGraph => {
  const graph = new Map<number, Map<number, number>>();
  for (const [from, to, mask] of edges)
    graph.set(from, (graph.get(from) ?? new Map<number, number>()).set(to, mask));
  return graph;
};

const search = (graph: ElleGraph, name: string, steps = 10_000): readonly number[] | null => {
  const spec = specNamed(name);
  if (spec === undefined) throw new Error(`no type ${name}`);
  return elleCycle(graph, spec, placeOf, new Budget(steps));
};

test.each(begun)("Elle visits %d before %d", (first, second) => {
  expect(visitingOrder([second, first], placeOf)).toEqual([first, second]);
  expect(
    search(
      graphOf([
        [first, second, edge.ww],
        [second, first, edge.ww],
      ]),
      "G0",
    ),
  ).toEqual([first, second]);
});

test("entries of a node come before those of its children, whatever was added first", () => {
  const place = (node: number): number => node;
  expect(visitingOrder([33, 2, 1, 31, 34, 65], place)).toEqual([31, 1, 33, 65, 2, 34]);
  expect(visitingOrder([65, 34, 31, 1, 2, 33], place)).toEqual([31, 1, 33, 65, 2, 34]);
});

test("an edge is taken for any reason that the type may have", () => {
  const graph = graphOf([
    [1, 2, edge.rw | edge.realtime],
    [2, 1, edge.rw],
  ]);
  expect(search(graph, "G-single-item")).toBeNull();
  expect(search(graph, "G-single-item-realtime")).toHaveLength(2);
  expect(search(graph, "G2-item")).toHaveLength(2);
  expect(search(graph, "G0")).toBeNull();
});

test("no two anti-dependencies may follow each other, also not over the end of the circle", () => {
  const edges = [
    [1, 2, edge.rw],
    [2, 3, edge.ww],
    [3, 4, edge.rw],
  ] as const;
  expect(search(graphOf([...edges, [4, 1, edge.rw]]), "G-nonadjacent-item")).toBeNull();
  expect(search(graphOf([...edges, [4, 1, edge.wr]]), "G-nonadjacent-item")).toHaveLength(4);
});

test("gives no answer once the budget is spent", () => {
  const nodes = Array.from({ length: 12 }, (_, i) => i);
  const all = nodes.flatMap((a) => nodes.map((b) => [a, b, edge.rw] as const)).filter(([a, b]) => a !== b);
  expect(search(graphOf(all), "G-single-item", 500)).toBeNull();
});
