import { edge } from "../graph/edge-type.ts";
import type { Adjacency } from "../graph/adjacency.ts";

/** Edges of a component between transactions: from node to node, with a mask of reasons. */
export type ElleGraph = ReadonlyMap<number, ReadonlyMap<number, number>>;

const data = edge.ww | edge.wr | edge.rw | edge.process;

/**
 * A component as Elle holds it: every edge between two transactions, without helpers, real time in
 * reduced form. Null where that takes more than `limit` edges looked at.
 *
 * @param realtime pairs of nodes: the reduced order among the component's transactions
 */
export function elleGraph(
  graph: Adjacency,
  isHelper: (node: number) => boolean,
  realtime: readonly (readonly [from: number, to: number])[],
  limit: number,
): ElleGraph | null {
  const found = new Map<number, Map<number, number>>();
  let looked = realtime.length;
  const add = (from: number, to: number, reasons: number): void => {
    const targets = found.get(from) ?? new Map<number, number>();
    found.set(from, targets.set(to, (targets.get(to) ?? 0) | reasons));
  };
  for (let node = 0; node < graph.nodes; node++) {
    if (isHelper(node)) continue;
    const reach = (from: number, reasons: number, seen: Set<number>): void => {
      for (let e = graph.start[from] ?? 0; e < (graph.start[from + 1] ?? 0) && looked <= limit; e++) {
        looked++;
        const to = graph.target[e] ?? 0;
        const bits = from === node ? (graph.mask[e] ?? 0) & data : reasons;
        if (bits === 0) continue;
        if (!isHelper(to)) add(node, to, bits);
        else if (!seen.has(to)) reach(to, bits, seen.add(to));
      }
    };
    reach(node, 0, new Set());
  }
  if (looked > limit) return null;
  for (const [from, to] of realtime) add(from, to, edge.realtime);
  return found;
}
