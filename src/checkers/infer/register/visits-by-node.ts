import type { Visits } from "./visits.ts";

/** Node n's visits are `visit[start[n]]` (inclusive) to `visit[start[n + 1]]` (exclusive), by key. */
export interface VisitsByNode {
  readonly start: Uint32Array;
  readonly visit: Int32Array;
}

/** Sorts visits by transaction. Linear. */
export function visitsByNode({ length, node }: Visits, nodes: number): VisitsByNode {
  const start = new Uint32Array(nodes + 1);
  for (let visit = 0; visit < length; visit++) {
    const slot = (node[visit] ?? 0) + 1;
    start[slot] = (start[slot] ?? 0) + 1;
  }
  for (let n = 0; n < nodes; n++) start[n + 1] = (start[n + 1] ?? 0) + (start[n] ?? 0);
  const next = start.slice();
  const sorted = new Int32Array(length);
  for (let visit = 0; visit < length; visit++) {
    const of = node[visit] ?? 0;
    const at = next[of] ?? 0;
    sorted[at] = visit;
    next[of] = at + 1;
  }
  return { start, visit: sorted };
}
