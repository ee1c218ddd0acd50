import { edge } from "../graph/edge-type.ts";
import { components } from "../graph/components.ts";
import { extensionGraph } from "../graph/extension.ts";
import { strongestReasons } from "../graph/subgraph.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import type { CycleSpec } from "./cycle-spec.ts";

/** Where cycles of a type can be: prunes a search without losing any. */
export interface SearchSpace {
  /** The kind of edge that every such cycle holds, and that the search therefore begins with. */
  readonly anchor: number;
  /**
   * Whether a cycle that begins with an anchor edge from `origin` may pass `node`.
   * @param afterRw whether the last edge was an anti-dependency (for nonadjacent types)
   */
  readonly allows: (origin: number, node: number, afterRw: boolean) => boolean;
}

/**
 * The space of one type in one component. A cycle stays within a strongly connected component of the
 * edges the type may take; one without adjacent anti-dependencies within a component of the extension
 * graph; and one with a single anti-dependency cannot pass a node from which the rest of the edges no
 * longer lead back to the origin's component. Linear in the component.
 */
export function searchSpace(graph: Adjacency, spec: CycleSpec): SearchSpace {
  const anchor = anchorOf(spec);
  if (spec.nonadjacent) {
    const extension = extensionGraph(strongestReasons(graph), spec.base, spec.rw);
    const { of } = components(extension, spec.base | spec.rw);
    return {
      anchor,
      allows: (origin, node, afterRw) => of[2 * origin] === of[2 * node + (afterRw ? 1 : 0)],
    };
  }
  const all = components(graph, spec.base | spec.rw).of;
  if (spec.rwCount !== "one") return { anchor, allows: (origin, node) => all[origin] === all[node] };
  const rest = components(graph, spec.base).of;
  return {
    anchor,
    allows: (origin, node) => all[origin] === all[node] && (rest[node] ?? 0) >= (rest[origin] ?? 0),
  };
}

function anchorOf(spec: CycleSpec): number {
  if (spec.rwCount !== "none") return spec.rw;
  if (spec.extra !== 0) return spec.extra;
  return spec.needsWr ? edge.wr : spec.base;
}
