import { edge } from "./edge-type.ts";
import type { Adjacency } from "./adjacency.ts";

/**
 * The graph whose cycles are the closed walks over `base` and `rw` edges in which no two rw edges
 * follow each other: what must be acyclic under snapshot isolation (Cerone and Gotsman 2018,
 * theorem 9: `(so ∪ wr ∪ ww) ; rw?`). Node `2 v` is v reached over a base edge, `2 v + 1` over an rw
 * edge. An edge that is both counts as base, which allows more. Linear in nodes plus edges.
 */
export function extensionGraph(graph: Adjacency, base: number, rw: number): Adjacency {
  const { nodes, start, target, mask } = graph;
  const nextStart = new Uint32Array(2 * nodes + 1);
  const nextTarget = new Int32Array(2 * target.length);
  const nextMask = new Uint8Array(2 * target.length);
  let size = 0;
  for (let v = 0; v < nodes; v++) {
    for (const afterRw of [0, 1]) {
      for (let e = start[v] ?? 0; e < (start[v + 1] ?? 0); e++) {
        const bits = mask[e] ?? 0;
        const w = 2 * (target[e] ?? 0);
        if ((bits & base) !== 0) nextTarget[size] = w;
        else if ((bits & edge.silent) !== 0) nextTarget[size] = w + afterRw;
        else if (afterRw === 0 && (bits & rw) !== 0) nextTarget[size] = w + 1;
        else continue;
        nextMask[size++] = bits;
      }
      nextStart[2 * v + afterRw + 1] = size;
    }
  }
  return {
    nodes: 2 * nodes,
    start: nextStart,
    target: nextTarget.subarray(0, size),
    mask: nextMask.subarray(0, size),
  };
}
