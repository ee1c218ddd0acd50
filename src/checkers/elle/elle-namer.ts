import { Budget } from "../cycles/budget.ts";
import { classifyCycle } from "../cycles/classify-cycle.ts";
import type { CycleSpec } from "../cycles/cycle-spec.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { edge, stepOrder } from "../graph/edge-type.ts";
import type { StepType } from "../verdict.ts";
import { type ElleGraph, elleGraph } from "./elle-graph.ts";
import { elleCycle } from "./elle-search.ts";
import { placeOf } from "./visiting-order.ts";

/** What of a history decides what Elle finds in it. */
export interface ElleView {
  /** The index of a node's operation. */
  readonly index: (node: number) => number;
  /** Real-time order in reduced form among these nodes, where the model asks for it. */
  readonly realtime: (nodes: readonly number[]) => readonly (readonly [from: number, to: number])[];
  /** Whether Elle explains a step by what was read before by what was overwritten, as it does for registers. */
  readonly readsFirst: boolean;
  /** Anomalies that were found without a cycle. */
  readonly found: readonly string[];
}

/** What Elle's search for a type comes to. */
export interface Told {
  /** What the cycle is called that it comes upon; null where it reports none. */
  readonly name: string | null;
  /** Whether it came upon a cycle of another type, and leaves this one. */
  readonly gaveUp: boolean;
}

/** Tells what Elle's search for a type comes to; null where following it takes too long. */
export type ElleNamer = (spec: CycleSpec) => Told | null;

/**
 * Bounds: in larger components, and after so many steps of paths in one, Elle's search is not followed.
 * Elle itself stops after a second.
 */
const mostTransactions = 2000;
const mostEdges = 100_000;
const mostSteps = 200_000;

/**
 * Follows Elle's search in one component; null where the component is too large or holds predicate edges.
 *
 * Elle searches each type once, by all reasons that an edge has, and calls what it comes upon by the
 * first reason of each step. Where that is another name it reports nothing, or, of types without
 * anti-dependencies, the other name, though another cycle may be of the type.
 *
 * @param local the component; node i of it is `members[i]` of the whole
 */
export function elleNamer(
  local: Adjacency,
  isHelper: (node: number) => boolean,
  members: Int32Array,
  view: ElleView,
): ElleNamer | null {
  if (local.mask.some((mask) => (mask & edge.rwp) !== 0)) return null;
  const localOf = new Map<number, number>();
  members.forEach((node, i) => {
    if (!isHelper(i)) localOf.set(node, i);
  });
  if (localOf.size > mostTransactions) return null;
  const pairs = view
    .realtime([...localOf.keys()])
    .map(([from, to]) => [localOf.get(from) ?? 0, localOf.get(to) ?? 0] as const);
  const graph = elleGraph(local, isHelper, pairs, mostEdges);
  if (graph === null) return null;
  const places = Int32Array.from(members, (node, i) => (isHelper(i) ? 0 : placeOf(view.index(node))));
  const budget = new Budget(mostSteps);
  return (spec) => {
    const path = elleCycle(graph, spec, (node) => places[node] ?? 0, budget);
    if (budget.exhausted) return null;
    if (path === null) return { name: null, gaveUp: false };
    const told = classifyCycle(stepsOf(graph, path, view.readsFirst ? readsFirst : stepOrder));
    const gaveUp = told !== spec.name;
    if (gaveUp && spec.rwCount !== "none") return { name: null, gaveUp };
    return { name: classifyCycle(stepsOf(graph, path, stepOrder)), gaveUp };
  };
}

const readsFirst: readonly StepType[] = ["wr", "ww", "rw", "process", "realtime"];

function stepsOf(graph: ElleGraph, path: readonly number[], order: readonly StepType[]): readonly StepType[] {
  return path.map((node, i) => {
    const mask = graph.get(node)?.get(path[(i + 1) % path.length] ?? 0) ?? 0;
    return order.find((type) => (mask & edge[type]) !== 0) ?? "realtime";
  });
}
