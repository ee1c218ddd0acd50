import type { Adjacency } from "../graph/adjacency.ts";
import type { Budget } from "./budget.ts";
import { type PathAutomaton, pathAutomaton, refused } from "./path-automaton.ts";
import type { CycleSpec } from "./cycle-spec.ts";
import { type SearchSpace, searchSpace } from "./search-space.ts";

/** A cycle as its nodes in order, the first not repeated; helper nodes included. */
export type Path = readonly number[];

/** A bound: how many edges are looked at to find a shorter cycle than the first one found. */
const shorteningSteps = 500_000;

/** How many transactions a path has. */
export function pathLength(path: Path, isHelper: (node: number) => boolean): number {
  return path.reduce((sum, node) => (isHelper(node) ? sum : sum + 1), 0);
}

/**
 * A shortest cycle of the type (within a bounded effort, after the first was found), or null where
 * there is none or the budget ended first. Ties go to the cycle that begins with the earliest
 * transaction, then to the earliest successors, so the answer depends on the graph alone.
 *
 * Breadth-first over pairs of node and automaton state, once from each source of an edge that the
 * cycle must hold. A pass costs what the search space holds; edges looked at are charged to the
 * budget. Cycles that pass a transaction twice are not answered.
 *
 * @param isHelper nodes that stand for no transaction and are left by silent edges only
 */
export function shortestCycle(
  graph: Adjacency,
  spec: CycleSpec,
  isHelper: (node: number) => boolean,
  budget: Budget,
): Path | null {
  const space = searchSpace(graph, spec);
  const automaton = pathAutomaton(spec);
  const scratch = new Scratch(graph.nodes * automaton.states);
  let best: Path | null = null;
  let bestLength = Infinity;
  let stopAt = Infinity;
  for (let origin = 0; origin < graph.nodes && !budget.exhausted && budget.spent < stopAt; origin++) {
    if (isHelper(origin) || !hasAnchor(graph, space, origin)) continue;
    const found = cycleFrom({ graph, space, automaton, isHelper, budget, scratch }, origin, bestLength);
    if (found === null || hasRepeat(found, isHelper)) continue;
    if (best === null) stopAt = budget.spent + shorteningSteps;
    best = found;
    bestLength = pathLength(found, isHelper);
    if (bestLength === 2) break;
  }
  return best;
}

interface Search {
  readonly graph: Adjacency;
  readonly space: SearchSpace;
  readonly automaton: PathAutomaton;
  readonly isHelper: (node: number) => boolean;
  readonly budget: Budget;
  readonly scratch: Scratch;
}

/** Tables over node × state, wiped in constant time by counting passes. */
class Scratch {
  readonly seen: Int32Array;
  readonly parent: Int32Array;
  pass = 0;

  constructor(size: number) {
    this.seen = new Int32Array(size);
    this.parent = new Int32Array(size);
  }
}

function hasAnchor({ start, target, mask }: Adjacency, space: SearchSpace, origin: number): boolean {
  for (let e = start[origin] ?? 0; e < (start[origin + 1] ?? 0); e++)
    if (((mask[e] ?? 0) & space.anchor) !== 0 && space.allows(origin, target[e] ?? 0, true)) return true;
  return false;
}

/** A shortest cycle of fewer than `bound` transactions that begins with an anchor edge of `origin`. */
function cycleFrom(search: Search, origin: number, bound: number): Path | null {
  const { graph, space, automaton, isHelper, budget, scratch } = search;
  const { states } = automaton;
  const pass = ++scratch.pass;
  let level: number[] = [origin * states];
  for (let length = 0; level.length > 0 && length + 1 < bound; length++) {
    const next: number[] = [];
    for (const at of level) {
      const node = Math.floor(at / states);
      const first = length === 0 && node === origin;
      const begin = graph.start[node] ?? 0;
      const end = graph.start[node + 1] ?? 0;
      budget.spend(end - begin + 1);
      for (let e = begin; e < end; e++) {
        const mask = graph.mask[e] ?? 0;
        if (first && (mask & space.anchor) === 0) continue;
        const state = automaton.step(at % states, mask);
        if (state === refused) continue;
        const target = graph.target[e] ?? 0;
        if (target === origin) {
          if (automaton.accepts(state)) return trace(scratch.parent, at, states, origin);
          continue;
        }
        const key = target * states + state;
        if (scratch.seen[key] === pass || !space.allows(origin, target, automaton.endsInRw(state))) continue;
        scratch.seen[key] = pass;
        scratch.parent[key] = at;
        // A helper is part of the step that entered it: it is expanded before the level ends.
        if (isHelper(target)) level.push(key);
        else next.push(key);
      }
    }
    level = next;
    if (budget.exhausted) return null;
  }
  return null;
}

function trace(parent: Int32Array, last: number, states: number, origin: number): Path {
  const path: number[] = [];
  for (let at = last; Math.floor(at / states) !== origin; at = parent[at] ?? 0)
    path.push(Math.floor(at / states));
  path.push(origin);
  return path.reverse();
}

function hasRepeat(path: Path, isHelper: (node: number) => boolean): boolean {
  const transactions = path.filter((node) => !isHelper(node));
  return new Set(transactions).size !== transactions.length;
}
