import { describe, expect, test } from "vitest";

import { check } from "../../../src/checkers/check.ts";
import { Budget } from "../../../src/checkers/cycles/budget.ts";
import { specNamed } from "../../../src/checkers/cycles/cycle-spec.ts";
import { type ElleGraph, elleGraph } from "../../../src/checkers/elle/elle-graph.ts";
import { elleCycle } from "../../../src/checkers/elle/elle-search.ts";
import { edge } from "../../../src/checkers/graph/edge-type.ts";
import { type Edge, graphOf } from "../support/graphs.ts";
import { timeline } from "../support/timeline.ts";

const never = (): boolean => false;

describe("a search over operations in the order of their numbers", () => {
  const search = (name: string, edges: readonly Edge[]): readonly number[] | null => {
    const spec = specNamed(name);
    const graph: ElleGraph | null = elleGraph(graphOf(5, edges), never, [], 100);
    if (spec === undefined || graph === null) throw new Error(`nothing to search ${name} in`);
    return elleCycle(graph, spec, (node) => node, new Budget(1000));
  };

  test("comes upon a loop that does not lead back to where the path began, and leaves the path out", () => {
    const edges: readonly Edge[] = [
      [0, 1, edge.ww],
      [1, 2, edge.ww],
      [2, 1, edge.ww],
    ];
    expect(search("G0", edges)).toEqual([1, 2]);
  });

  test("comes back too early where an anti-dependency is still to be taken", () => {
    const edges: readonly Edge[] = [
      [0, 1, edge.rw],
      [1, 0, edge.ww],
    ];
    expect(search("G-single-item", edges)).toEqual([0, 1]);
    expect(search("G2-item", edges)).toBeNull();
  });

  test("does not come back over an anti-dependency where it began with one", () => {
    const edges: readonly Edge[] = [
      [0, 1, edge.rw],
      [1, 2, edge.ww],
      [2, 0, edge.rw],
    ];
    expect(search("G2-item", edges)).toEqual([0, 1, 2]);
    expect(search("G-nonadjacent-item", edges)).toBeNull();
  });
});

test("a detour over helpers is an edge for the reason of its first step", () => {
  const graph = graphOf(4, [
    [0, 2, edge.rw],
    [2, 3, edge.silent],
    [3, 1, edge.silent],
    [1, 0, edge.wr],
  ]);
  const found = elleGraph(graph, (node) => node >= 2, [], 100);
  expect(found?.get(0)?.get(1)).toBe(edge.rw);
  expect(found?.get(1)?.get(0)).toBe(edge.wr);
  expect([...(found?.keys() ?? [])]).toEqual([0, 1]);
});

test("a cycle that Elle comes upon while it searches another type is not told", () => {
  const history = timeline(["ax1 ry56 ax2", "ry6 ax3 ax4", "rx23 ay5 ay6"], "(a (b )a (c )b )c");
  const verdict = check({ ...history, beginning: "as-read" }, { model: "strict-serializable" });
  expect(verdict.observed).toEqual(["G0", "G1b", "incompatible-order"]);
});
