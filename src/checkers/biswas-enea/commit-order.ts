import { Budget } from "../cycles/budget.ts";
import type { CycleSpec } from "../cycles/cycle-spec.ts";
import { shortestCycle } from "../cycles/shortest-cycle.ts";
import { adjacency, type Adjacency } from "../graph/adjacency.ts";
import { components, cyclicComponents, isCyclic } from "../graph/components.ts";
import { edge } from "../graph/edge-type.ts";
import { subgraphCutter } from "../graph/subgraph.ts";
import { witnessesPerType } from "../verdict.ts";
import type { Path } from "./causal-path.ts";
import type { ForcedOrder } from "./forced-order.ts";
import { initial, type RegisterHistory } from "./register-history.ts";
import { nobody } from "./sessions.ts";

/** Why no commit order exists; empty where one does. Nodes are those of the history. */
export interface CommitOrderCycles {
  /** A shortest cycle of each component that has one, the smallest few components. */
  readonly cycles: readonly Path[];
  /** Components in which the search hit its limit. */
  readonly unnamed: readonly Int32Array[];
}

/** A bound: edges looked at to find the cycle of one component. */
const searchSteps = 20_000_000;

/** One kind of edge for all: the cycle may take any. */
const anyEdge = edge.ww;

const anyCycle: CycleSpec = {
  name: "commit-order",
  base: anyEdge,
  rw: 0,
  rwCount: "none",
  nonadjacent: false,
  needsWr: false,
  extra: 0,
};

/**
 * Looks for cycles of session order, reads and forced order: a total commit order exists exactly where
 * there are none, because the premises of the three axioms do not speak of the commit order, so that
 * what they force is all known beforehand (Biswas and Enea 2019, on why these criteria are polynomial).
 * Linear, then a bounded search in what is cyclic.
 */
export function commitOrderCycles(history: RegisterHistory, forced: ForcedOrder): CommitOrderCycles {
  const graph = commitOrderGraph(history, forced);
  const found = components(graph, anyEdge);
  if (!isCyclic(found)) return { cycles: [], unnamed: [] };
  const cut = subgraphCutter(graph);
  const cycles: Path[] = [];
  const unnamed: Int32Array[] = [];
  const smallestFirst = [...cyclicComponents(found)].sort((a, b) => a.length - b.length);
  for (const members of smallestFirst.slice(0, witnessesPerType)) {
    const path = shortestCycle(cut(members), anyCycle, () => false, new Budget(searchSteps));
    if (path === null) unnamed.push(members);
    else cycles.push(path.map((node) => members[node] ?? 0));
  }
  return { cycles: cycles.sort((a, b) => a.length - b.length), unnamed };
}

function commitOrderGraph(history: RegisterHistory, forced: ForcedOrder): Adjacency {
  const { transactions, sessions, readStart, readWriter } = history;
  const { count } = transactions;
  const bound = count + readWriter.length + forced.from.length;
  const from = new Int32Array(bound);
  const to = new Int32Array(bound);
  let size = 0;
  const add = (u: number, v: number): void => {
    from[size] = u;
    to[size++] = v;
  };
  for (let node = 0; node < count; node++) {
    const before = sessions.previous[node] ?? nobody;
    if (before !== nobody) add(before, node);
    for (let read = readStart[node] ?? 0; read < (readStart[node + 1] ?? 0); read++) {
      const writer = readWriter[read] ?? initial;
      if (writer !== initial) add(writer, node);
    }
  }
  const forcedTo = forced.to.view();
  forced.from.view().forEach((u, i) => {
    add(u, forcedTo[i] ?? 0);
  });
  const type = new Uint8Array(size).fill(anyEdge);
  return adjacency(count, { from: from.subarray(0, size), to: to.subarray(0, size), type });
}
