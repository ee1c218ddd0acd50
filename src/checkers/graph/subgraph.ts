import type { Adjacency } from "./adjacency.ts";

/**
 * Cuts induced subgraphs out of one graph. The position table is kept between cuts, so that cutting
 * every component of a graph costs as much as the components hold, not as much as the graph.
 */
export function subgraphCutter(graph: Adjacency): (members: Int32Array) => Adjacency {
  const position = new Int32Array(graph.nodes).fill(-1);
  return (members) => {
    members.forEach((node, i) => {
      position[node] = i;
    });
    const cut = induced(graph, members, position);
    for (const node of members) position[node] = -1;
    return cut;
  };
}

function induced(graph: Adjacency, members: Int32Array, position: Int32Array): Adjacency {
  const { start, target, mask } = graph;
  let bound = 0;
  for (const v of members) bound += (start[v + 1] ?? 0) - (start[v] ?? 0);
  const cutStart = new Uint32Array(members.length + 1);
  const cutTarget = new Int32Array(bound);
  const cutMask = new Uint8Array(bound);
  let size = 0;
  for (let i = 0; i < members.length; i++) {
    const v = members[i] ?? 0;
    for (let e = start[v] ?? 0; e < (start[v + 1] ?? 0); e++) {
      const w = position[target[e] ?? 0] ?? -1;
      if (w < 0) continue;
      cutTarget[size] = w;
      cutMask[size++] = mask[e] ?? 0;
    }
    cutStart[i + 1] = size;
  }
  return {
    nodes: members.length,
    start: cutStart,
    target: cutTarget.subarray(0, size),
    mask: cutMask.subarray(0, size),
  };
}

/** The same graph with each edge's strongest reason only (the order of `stepOrder`). Linear in the edges. */
export function strongestReasons(graph: Adjacency): Adjacency {
  return { ...graph, mask: graph.mask.map((bits) => bits & -bits) };
}
