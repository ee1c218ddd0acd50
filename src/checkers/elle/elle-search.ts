import type { CycleSpec } from "../cycles/cycle-spec.ts";
import type { Budget } from "../cycles/budget.ts";
import { edge } from "../graph/edge-type.ts";
import type { ElleGraph } from "./elle-graph.ts";
import { visitingOrder } from "./visiting-order.ts";

/** How a path may take anti-dependencies: as any other edge, once, or never two in a row. */
type RwMode = "plain" | "once" | "free" | "taken";

interface PathState {
  readonly node: number;
  readonly before: PathState | null;
  /** Reasons that must still be taken, and how many anti-dependencies. */
  readonly want: number;
  readonly wantRw: number;
  readonly mode: RwMode;
}

interface Search {
  readonly legal: number;
  readonly rw: number;
  readonly start: (node: number) => PathState;
  readonly place: (node: number) => number;
  readonly budget: Budget;
}

/**
 * The cycle that Elle's search for a type comes upon first, as its nodes in order, the first not
 * repeated; null where there is none, or where the budget ended first.
 *
 * Elle grows all paths from one operation, step by step, then from the next, in the order in which its
 * sets hand them out, and takes an edge for whatever reason fits. A loop that does not lead back to
 * where the path began is searched again by itself.
 */
export function elleCycle(
  graph: ElleGraph,
  spec: CycleSpec,
  place: (node: number) => number,
  budget: Budget,
): readonly number[] | null {
  const several = spec.rwCount === "several";
  const asAnyOther = several && !spec.nonadjacent;
  const legal = spec.base | (asAnyOther ? spec.rw : 0);
  const search: Search = {
    legal,
    rw: spec.rw,
    start: (node) => ({
      node,
      before: null,
      want: spec.extra | (spec.needsWr ? edge.wr : 0),
      wantRw: several ? 2 : spec.rwCount === "one" ? 1 : 0,
      mode: spec.nonadjacent ? "free" : spec.rwCount === "one" ? "once" : "plain",
    }),
    place,
    budget,
  };
  const projected = project(graph, legal | spec.rw, null);
  const ordered = new Ordered(projected, place);
  for (const node of ordered.vertices()) {
    const found = searchFrom(search, ordered, node);
    if (found !== null || budget.exhausted) return found;
  }
  return null;
}

/** The edges that have one of the reasons, between the nodes given. */
function project(graph: ElleGraph, reasons: number, within: ReadonlySet<number> | null): ElleGraph {
  const kept = new Map<number, Map<number, number>>();
  for (const [from, targets] of graph) {
    if (within !== null && !within.has(from)) continue;
    const chosen = [...targets].flatMap(([to, mask]): [number, number][] =>
      (mask & reasons) === 0 || (within !== null && !within.has(to)) ? [] : [[to, mask & reasons]],
    );
    if (chosen.length > 0) kept.set(from, new Map(chosen));
  }
  return kept;
}

/** Where a node's edges lead, and why. */
interface Targets {
  readonly to: readonly number[];
  readonly reasons: readonly number[];
}

/** A graph whose nodes and edges come in Elle's order. */
class Ordered {
  readonly graph: ElleGraph;
  readonly #place: (node: number) => number;
  readonly #out = new Map<number, Targets>();

  constructor(graph: ElleGraph, place: (node: number) => number) {
    this.graph = graph;
    this.#place = place;
  }

  vertices(): readonly number[] {
    const all = new Set<number>();
    for (const [from, targets] of this.graph) {
      all.add(from);
      for (const to of targets.keys()) all.add(to);
    }
    return visitingOrder(all, this.#place);
  }

  out(node: number): Targets {
    let known = this.#out.get(node);
    if (known === undefined) {
      const targets = this.graph.get(node);
      const to = visitingOrder(targets?.keys() ?? [], this.#place);
      known = { to, reasons: to.map((target) => targets?.get(target) ?? 0) };
      this.#out.set(node, known);
    }
    return known;
  }
}

function searchFrom(search: Search, ordered: Ordered, origin: number): readonly number[] | null {
  let paths: readonly PathState[] = [search.start(origin)];
  while (paths.length > 0) {
    const open: PathState[] = [];
    for (const path of paths) {
      if (!isLoop(path)) {
        open.push(path);
        continue;
      }
      if (path.want !== 0 || path.wantRw !== 0 || path.mode === "taken") continue;
      const nodes = nodesOf(path);
      if (path.node === origin) return nodes.slice(0, -1);
      const trimmed = withoutTail(search, ordered, nodes.slice(nodes.indexOf(path.node)));
      if (trimmed !== null) return trimmed;
    }
    const next: PathState[] = [];
    for (const path of open) {
      const { to, reasons } = ordered.out(path.node);
      search.budget.spend(to.length);
      if (search.budget.exhausted) return null;
      to.forEach((node, i) => {
        grow(search, path, node, reasons[i] ?? 0, next);
      });
    }
    paths = next;
  }
  return null;
}

/** Looks for a cycle of the type among the nodes of a loop alone. */
function withoutTail(search: Search, { graph }: Ordered, loop: readonly number[]): readonly number[] | null {
  const within = new Ordered(project(graph, ~0, new Set(loop)), search.place);
  for (const node of loop) {
    const found = searchFrom(search, within, node);
    if (found !== null) return found;
  }
  return null;
}

/** The paths that one more edge gives: one for each way of taking it that makes a difference. */
function grow(search: Search, path: PathState, to: number, reasons: number, next: PathState[]): void {
  const isFirst = path.before === null;
  const rwMask = path.wantRw > 0 || path.mode === "once" || path.mode === "free" ? search.rw : 0;
  const wantMask = path.want & ~rwMask;
  const push = (reason: number): void => {
    const grown = step(search, path, to, reason);
    if (grown !== null) next.push(grown);
  };
  if ((reasons & rwMask) !== 0) push(reasons & rwMask);
  if (path.wantRw > 0 && isFirst) return;
  for (let bits = reasons & wantMask; bits !== 0; bits &= bits - 1) push(bits & -bits);
  if (path.want !== 0 && isFirst) return;
  const legal = reasons & search.legal & ~rwMask & ~wantMask;
  if (legal !== 0) push(legal & -legal);
}

function step({ legal, rw }: Search, path: PathState, node: number, reason: number): PathState | null {
  const isRw = (reason & rw) !== 0;
  const grown = { node, before: path, want: path.want & ~reason };
  const wantRw = isRw ? Math.max(0, path.wantRw - 1) : path.wantRw;
  if ((reason & legal) !== 0) return { ...grown, wantRw, mode: path.mode === "taken" ? "free" : path.mode };
  if (path.mode === "once") return { ...grown, wantRw: 0, mode: "plain" };
  return path.mode === "free" ? { ...grown, wantRw, mode: "taken" } : null;
}

function isLoop({ node, before }: PathState): boolean {
  for (let at = before; at !== null; at = at.before) if (at.node === node) return true;
  return false;
}

function nodesOf(path: PathState): readonly number[] {
  const nodes: number[] = [];
  for (let at: PathState | null = path; at !== null; at = at.before) nodes.push(at.node);
  return nodes.reverse();
}
