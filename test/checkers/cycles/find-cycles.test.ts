import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { classifyCycle } from "../../../src/checkers/cycles/classify-cycle.ts";
import { cycleAnomalies, cycleSpecs } from "../../../src/checkers/cycles/cycle-spec.ts";
import { findCycles, stepTypes } from "../../../src/checkers/cycles/find-cycles.ts";
import type { Adjacency } from "../../../src/checkers/graph/adjacency.ts";
import { edge, everyEdge, stepTypeOf } from "../../../src/checkers/graph/edge-type.ts";
import { impossibleModels } from "../../../src/checkers/models/boundary.ts";
import type { StepType } from "../../../src/checkers/verdict.ts";
import { type Edge, graphOf as graphOfNodes } from "../support/graphs.ts";

const nodes = 6;
const never = (): boolean => false;
const graphOf = (edges: readonly Edge[]): Adjacency => graphOfNodes(nodes, edges);

const anyEdges = fc.array(
  fc
    .tuple(
      fc.nat(nodes - 1),
      fc.nat(nodes - 1),
      fc.constantFrom(edge.ww, edge.wr, edge.rw, edge.rwp, edge.process, edge.realtime),
    )
    .filter(([a, b]) => a !== b),
  { maxLength: 14 },
);

/** Every simple cycle's anomaly, by walking all of them. */
function everyCycle(graph: Adjacency): ReadonlyMap<string, number> {
  const shortest = new Map<string, number>();
  const walk = (path: readonly number[], types: readonly StepType[]): void => {
    const last = path.at(-1)!;
    for (let e = graph.start[last]!; e < graph.start[last + 1]!; e++) {
      const target = graph.target[e]!;
      const steps = [...types, stepTypeOf(graph.mask[e]!)];
      if (target === path[0]) {
        if (steps.every((type) => type === "process" || type === "realtime")) continue;
        const name = classifyCycle(steps);
        shortest.set(name, Math.min(steps.length, shortest.get(name) ?? Infinity));
      } else if (target > path[0]! && !path.includes(target)) walk([...path, target], steps);
    }
  };
  for (let v = 0; v < nodes; v++) walk([v], []);
  return shortest;
}

describe("findCycles", () => {
  test("finds only cycles that are there, and rules out every model that some cycle rules out", () => {
    fc.assert(
      fc.property(anyEdges, fc.constantFrom(edge.process, edge.realtime), (edges, order) => {
        // Time alone makes no cycle: later transactions come later. A graph has one order or the other.
        const sane = edges.filter(([a, b, type]) => type < edge.process || (type === order && a < b));
        const graph = graphOf(sane);
        const { found, unnamed } = findCycles(graph, nodes);
        const all = everyCycle(graph);
        for (const [name, paths] of found) {
          expect(cycleAnomalies.has(name)).toBe(true);
          for (const path of paths) {
            expect(new Set(path).size).toBe(path.length);
            expect(classifyCycle(stepTypes(graph, path, never))).toBe(name);
            expect(path.length).toBeGreaterThanOrEqual(all.get(name)!);
          }
        }
        const ours = impossibleModels([...found.keys(), ...unnamed.keys()]);
        for (const model of impossibleModels(all.keys())) expect(ours.has(model)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("finds a shortest cycle, the earliest of several", () => {
    const ring = [0, 1, 2, 3, 4].map((v): [number, number, number] => [v, (v + 1) % 5, edge.ww]);
    expect(findCycles(graphOf([...ring, [4, 3, edge.ww]]), nodes).found.get("G0")).toEqual([[3, 4]]);
    expect(findCycles(graphOf([...ring, [4, 3, edge.ww], [2, 1, edge.ww]]), nodes).found.get("G0")).toEqual([
      [1, 2],
    ]);
  });

  test("a longer cycle without adjacent anti-dependencies says more than a shorter one with them", () => {
    const names = (first: number): readonly string[] => {
      const ring: readonly Edge[] = [
        [0, 1, first],
        [1, 2, edge.wr],
        [2, 3, edge.rw],
        [3, 0, edge.wr],
        [1, 0, edge.rw],
      ];
      return [...findCycles(graphOf(ring), nodes).found.keys()];
    };
    expect(names(edge.rw)).toEqual(["G-nonadjacent-item"]);
    expect(names(edge.rwp)).toEqual(["G-nonadjacent"]);
  });

  test("a longer cycle of writes says more than a shorter one with a read", () => {
    const graph = graphOf([
      [0, 1, edge.ww],
      [1, 0, edge.wr],
      [1, 2, edge.ww],
      [2, 0, edge.ww],
    ]);
    expect([...findCycles(graph, nodes).found]).toEqual([["G0", [[0, 1, 2]]]]);
  });

  test("a type that takes steps for their weaker reason is told by the stronger one", () => {
    const graph = graphOf([
      [0, 1, edge.wr],
      [1, 0, edge.rw],
      [0, 2, edge.rw | edge.process],
      [2, 3, edge.rw | edge.process],
      [3, 0, edge.ww],
    ]);
    expect([...findCycles(graph, nodes).found.keys()]).toEqual(["G-single-item", "G2-item"]);
  });

  test("passes helpers without counting them", () => {
    const graph = graphOf([
      [0, 4, edge.ww],
      [4, 5, edge.silent],
      [5, 1, edge.silent],
      [1, 0, edge.ww],
    ]);
    expect(findCycles(graph, 4).found.get("G0")).toEqual([[0, 4, 5, 1]]);
  });

  test("says when a limit ended a search, and still proves the level broken", () => {
    const ring = [0, 1, 2, 3, 4, 5].map((v): [number, number, number] => [v, (v + 1) % 6, edge.rw]);
    const { found, unnamed, cutShort } = findCycles(graphOf(ring), nodes, { each: 3, all: 1000 });
    expect(found.size).toBe(0);
    expect([...unnamed.keys()]).toEqual(["PL-2.99-cycle-exists"]);
    expect([...(unnamed.get("PL-2.99-cycle-exists") ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(cutShort[0]).toMatch(
      /^The search for G2-item among 6 transactions .* ended at its limit without an answer/,
    );
  });

  test("finds nothing in an acyclic graph", () => {
    const graph = graphOf([
      [0, 1, everyEdge & ~edge.silent],
      [1, 2, edge.rw],
      [0, 2, edge.wr],
    ]);
    expect(findCycles(graph, nodes)).toEqual({
      found: new Map(),
      unnamed: new Map(),
      cutShort: [],
      cases: new Map(),
    });
  });
});

test("every type is searched once, and the names are those that cycles are classified by", () => {
  expect(cycleSpecs.map(({ name }) => name).sort()).toEqual([...cycleAnomalies].sort());
  expect(cycleSpecs).toHaveLength(24);
});

test.each<[string, readonly StepType[]]>([
  ["G0", ["ww", "ww"]],
  ["G1c", ["ww", "wr"]],
  ["G-single-item", ["wr", "rw"]],
  ["G-single", ["wr", "rwp"]],
  ["G-nonadjacent-item", ["wr", "rw", "ww", "rw"]],
  ["G-nonadjacent", ["wr", "rw", "ww", "rwp"]],
  ["G2-item", ["rw", "rw"]],
  ["G2-item", ["rw", "ww", "rw"]],
  ["G2", ["rw", "rwp"]],
  ["G0-process", ["ww", "process"]],
  ["G1c-realtime", ["wr", "process", "realtime"]],
])("%s is %j", (name, steps) => {
  expect(classifyCycle(steps)).toBe(name);
});
