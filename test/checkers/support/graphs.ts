import { adjacency, type Adjacency } from "../../../src/checkers/graph/adjacency.ts";

/** One bit of `edge` from one node to another. */
export type Edge = readonly [from: number, to: number, type: number];

export function graphOf(nodes: number, edges: readonly Edge[]): Adjacency {
  return adjacency(nodes, {
    from: Int32Array.from(edges, ([from]) => from),
    to: Int32Array.from(edges, ([, to]) => to),
    type: edges.map(([, , type]) => type),
  });
}
