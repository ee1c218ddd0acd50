import type { Adjacency } from "../graph/adjacency.ts";
import { Budget } from "./budget.ts";
import { type CycleSearch, type Path, pathLength } from "./cycle-search.ts";
import type { CycleSpec } from "./cycle-spec.ts";
import { pathAutomaton, refused } from "./path-automaton.ts";
import { type SearchSpace, searchSpace } from "./search-space.ts";
import { SearchTables } from "./search-tables.ts";
import { simpleCycle } from "./simple-cycle.ts";

export type { Path } from "./cycle-search.ts";

/** A bound: how many edges are looked at to find a shorter cycle than the first one found. */
const shorteningSteps = 500_000;

/** A bound: how many edges are looked at, in all, to untangle walks that pass a transaction twice. */
const untanglingSteps = 1_000_000;

/**
 * A shortest cycle of the type that passes no transaction twice (within a bounded effort, after the
 * first was found), or null where there is none or the budget ended first. Ties go to the cycle that
 * begins with the earliest transaction, then to the earliest successors, so the answer depends on the
 * graph alone.
 *
 * Breadth-first over pairs of node and automaton state, once from each source of an edge that the
 * cycle must hold. A pass costs what the search space holds; edges looked at are charged to the
 * budget. The first way back to the source may pass a transaction twice: whether there is another that
 * does not is as hard as finding disjoint paths, so that this is answered for short cycles only.
 *
 * @param isHelper nodes that stand for no transaction and are left by silent edges only
 */
export function shortestCycle(
  graph: Adjacency,
  spec: CycleSpec,
  isHelper: (node: number) => boolean,
  budget: Budget,
  tables: SearchTables = new SearchTables(),
): Path | null {
  const space = searchSpace(graph, spec);
  const automaton = pathAutomaton(spec);
  const search: CycleSearch = { graph, space, automaton, isHelper, budget, tables };
  const untangling = { ...search, budget: new Budget(untanglingSteps) };
  let best: Path | null = null;
  let bestLength = Infinity;
  let stopAt = Infinity;
  for (let origin = 0; origin < graph.nodes && !budget.exhausted && budget.spent < stopAt; origin++) {
    if (isHelper(origin) || !hasAnchor(graph, space, origin)) continue;
    let found = walkFrom(search, origin, bestLength);
    if (found !== null && hasRepeat(found, isHelper))
      found = simpleCycle(untangling, origin, pathLength(found, isHelper), bestLength);
    if (found === null) continue;
    if (best === null) stopAt = budget.spent + shorteningSteps;
    best = found;
    bestLength = pathLength(found, isHelper);
    if (bestLength === 2) break;
  }
  return best;
}

function hasAnchor({ start, target, mask }: Adjacency, space: SearchSpace, origin: number): boolean {
  for (let e = start[origin] ?? 0; e < (start[origin + 1] ?? 0); e++)
    if (((mask[e] ?? 0) & space.anchor) !== 0 && space.allows(origin, target[e] ?? 0, true)) return true;
  return false;
}

/**
 * A shortest closed walk of the type, of fewer than `bound` transactions, that begins with an anchor
 * edge of `origin`.
 */
function walkFrom(search: CycleSearch, origin: number, bound: number): Path | null {
  const { graph, space, automaton, isHelper, budget, tables } = search;
  const { states } = automaton;
  tables.begin(graph.nodes * states);
  let level: number[] = [origin * states];
  for (let length = 0; level.length > 0 && length + 1 < bound; length++) {
    const next: number[] = [];
    for (const at of level) {
      if (budget.exhausted) return null;
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
          if (automaton.accepts(state)) return trace(tables, at, states, origin);
          continue;
        }
        const entry = target * states + state;
        if (!space.allows(origin, target, automaton.endsInRw(state)) || !tables.reach(entry, at)) continue;
        // A helper is part of the step that entered it: it is expanded before the level ends.
        if (isHelper(target)) level.push(entry);
        else next.push(entry);
      }
    }
    level = next;
  }
  return null;
}

function trace(tables: SearchTables, last: number, states: number, origin: number): Path {
  const path: number[] = [];
  for (let at = last; Math.floor(at / states) !== origin; at = tables.before(at))
    path.push(Math.floor(at / states));
  path.push(origin);
  return path.reverse();
}

function hasRepeat(path: Path, isHelper: (node: number) => boolean): boolean {
  const transactions = path.filter((node) => !isHelper(node));
  return new Set(transactions).size !== transactions.length;
}
