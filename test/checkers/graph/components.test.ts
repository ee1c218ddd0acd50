import { Graph, alg } from "@dagrejs/graphlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { adjacency, type Adjacency } from "../../../src/checkers/graph/adjacency.ts";
import { components, cyclicComponents, isCyclic } from "../../../src/checkers/graph/components.ts";
import { edge } from "../../../src/checkers/graph/edge-type.ts";
import { extensionGraph } from "../../../src/checkers/graph/extension.ts";
import { subgraphCutter } from "../../../src/checkers/graph/subgraph.ts";

type Edges = readonly (readonly [from: number, to: number, type: number])[];

const randomEdges = (nodes: number): fc.Arbitrary<Edges> =>
  fc.array(
    fc
      .tuple(fc.nat(nodes - 1), fc.nat(nodes - 1), fc.constantFrom(edge.ww, edge.wr, edge.rw, edge.realtime))
      .filter(([a, b]) => a !== b),
    { maxLength: 3 * nodes },
  );

const nodeCount = 12;

function graphOf(edges: Edges, nodes = nodeCount): Adjacency {
  return adjacency(nodes, {
    from: Int32Array.from(edges, ([from]) => from),
    to: Int32Array.from(edges, ([, to]) => to),
    type: edges.map(([, , type]) => type),
  });
}

function oracle(edges: Edges, mask: number): Graph {
  const graph = new Graph({ directed: true });
  for (let v = 0; v < nodeCount; v++) graph.setNode(String(v));
  for (const [from, to, type] of edges) if ((type & mask) !== 0) graph.setEdge(String(from), String(to));
  return graph;
}

const normal = (groups: readonly (readonly number[])[]): string =>
  JSON.stringify(groups.map((group) => [...group].sort((a, b) => a - b)).sort((a, b) => a[0]! - b[0]!));

describe("components", () => {
  test("are those of an independent implementation, for any mask", () => {
    fc.assert(
      fc.property(randomEdges(nodeCount), fc.integer({ min: 1, max: 63 }), (edges, mask) => {
        const found = components(graphOf(edges), mask);
        const expected = alg.tarjan(oracle(edges, mask)).map((group) => group.map(Number));
        const groups = Array.from({ length: found.count }, (_, c) =>
          [...found.of.keys()].filter((v) => found.of[v] === c),
        );
        expect(normal(groups)).toBe(normal(expected));
        expect(normal(cyclicComponents(found).map((members) => [...members]))).toBe(
          normal(expected.filter((group) => group.length > 1)),
        );
        expect(isCyclic(found)).toBe(!alg.isAcyclic(oracle(edges, mask)));
      }),
      { numRuns: 500 },
    );
  });

  test("are numbered so that no edge leads to a higher number", () => {
    fc.assert(
      fc.property(randomEdges(nodeCount), (edges) => {
        const { of } = components(graphOf(edges), 63);
        for (const [from, to] of edges) expect(of[from]!).toBeGreaterThanOrEqual(of[to]!);
      }),
    );
  });

  test("of a path of a million nodes need no deep stack", () => {
    const nodes = 1_000_000;
    const from = Int32Array.from({ length: nodes }, (_, i) => i);
    const to = from.map((i) => (i + 1) % nodes);
    const found = components(adjacency(nodes, { from, to, type: new Uint8Array(nodes).fill(1) }), 1);
    expect(found.count).toBe(1);
  });
});

test("adjacency merges parallel edges and sorts by target", () => {
  const { start, target, mask } = graphOf(
    [
      [1, 2, edge.wr],
      [0, 2, edge.ww],
      [1, 0, edge.rw],
      [1, 2, edge.realtime],
    ],
    3,
  );
  expect([...start]).toEqual([0, 1, 3, 3]);
  expect([...target]).toEqual([2, 0, 2]);
  expect([...mask]).toEqual([edge.ww, edge.rw, edge.wr | edge.realtime]);
});

test("a cut keeps the edges within, and a second cut is not disturbed by the first", () => {
  const cut = subgraphCutter(
    graphOf([
      [0, 3, 1],
      [3, 5, 2],
      [5, 0, 4],
      [3, 4, 1],
    ]),
  );
  const first = cut(Int32Array.of(0, 3, 5));
  expect([...first.target]).toEqual([1, 2, 0]);
  expect([...first.mask]).toEqual([1, 2, 4]);
  expect([...cut(Int32Array.of(3, 4)).target]).toEqual([1]);
});

test("the extension graph is cyclic just when a closed walk has no two rw edges in a row", () => {
  fc.assert(
    fc.property(randomEdges(6), (edges) => {
      const base = edge.ww | edge.wr;
      // base;rw? written out as a relation, as in the theorem.
      const composed = new Graph({ directed: true });
      for (const [a, b, type] of edges) {
        if ((type & base) === 0) continue;
        composed.setEdge(String(a), String(b));
        for (const [c, d, next] of edges)
          if (c === b && next === edge.rw) composed.setEdge(String(a), String(d));
      }
      const found = components(extensionGraph(graphOf(edges, 6), base, edge.rw), 127);
      expect(isCyclic(found)).toBe(!alg.isAcyclic(composed));
    }),
    { numRuns: 500 },
  );
});
