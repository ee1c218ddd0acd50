import { edge } from "./edge-type.ts";
import type { Adjacency } from "./adjacency.ts";

/** The strongly connected components of a graph. */
export interface Components {
  /** Component of each node. Numbered in reverse topological order: an edge never leads to a higher number. */
  readonly of: Int32Array;
  readonly count: number;
  readonly size: Int32Array;
}

/**
 * Strongly connected components of the subgraph of edges that share a bit with `mask` (silent edges
 * always belong). Tarjan 1972, iterative: linear in nodes plus edges, no recursion.
 */
export function components(graph: Adjacency, mask: number): Components {
  const { nodes, start, target, mask: edgeMask } = graph;
  const wanted = mask | edge.silent;
  const of = new Int32Array(nodes).fill(-1);
  const index = new Int32Array(nodes);
  const low = new Int32Array(nodes);
  const cursor = new Uint32Array(nodes);
  const stack = new Int32Array(nodes);
  const path = new Int32Array(nodes);
  const size = new Int32Array(nodes);
  let count = 0;
  let clock = 0;
  let stackTop = 0;
  for (let root = 0; root < nodes; root++) {
    if (index[root] !== 0) continue;
    let depth = 0;
    path[0] = root;
    index[root] = low[root] = ++clock;
    cursor[root] = start[root] ?? 0;
    stack[stackTop++] = root;
    while (depth >= 0) {
      const v = path[depth] ?? 0;
      const end = start[v + 1] ?? 0;
      let e = cursor[v] ?? 0;
      let descended = false;
      for (; e < end; e++) {
        if (((edgeMask[e] ?? 0) & wanted) === 0) continue;
        const w = target[e] ?? 0;
        const seen = index[w] ?? 0;
        if (seen === 0) {
          cursor[v] = e + 1;
          index[w] = low[w] = ++clock;
          cursor[w] = start[w] ?? 0;
          stack[stackTop++] = w;
          path[++depth] = w;
          descended = true;
          break;
        }
        if (of[w] === -1 && seen < (low[v] ?? 0)) low[v] = seen;
      }
      if (descended) continue;
      if (low[v] === index[v]) {
        let w: number;
        let members = 0;
        do {
          w = stack[--stackTop] ?? 0;
          of[w] = count;
          members++;
        } while (w !== v);
        size[count++] = members;
      }
      if (--depth >= 0) {
        const parent = path[depth] ?? 0;
        if ((low[v] ?? 0) < (low[parent] ?? 0)) low[parent] = low[v] ?? 0;
      }
    }
  }
  return { of, count, size: size.subarray(0, count) };
}

/** Whether some component holds more than one node. (Self-loops are never stored.) */
export function isCyclic(found: Components): boolean {
  return found.size.some((size) => size > 1);
}

/**
 * The nodes of every component with more than one node, ascending within each; the components in the
 * order of their first nodes.
 */
export function cyclicComponents(found: Components): readonly Int32Array[] {
  const slot = new Map<number, { readonly members: Int32Array; filled: number }>();
  for (let v = 0; v < found.of.length; v++) {
    const component = found.of[v] ?? 0;
    const size = found.size[component] ?? 0;
    if (size < 2) continue;
    let entry = slot.get(component);
    if (entry === undefined) slot.set(component, (entry = { members: new Int32Array(size), filled: 0 }));
    entry.members[entry.filled++] = v;
  }
  return [...slot.values()].map(({ members }) => members);
}
