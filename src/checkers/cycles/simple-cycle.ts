import type { CycleSearch, Path } from "./cycle-search.ts";
import { refused } from "./path-automaton.ts";

/** A bound: cycles of more transactions than this are not looked for. */
const mostTransactions = 32;

/**
 * A shortest cycle of the type that begins with an anchor edge of `origin` and passes no transaction
 * twice, of at least `least` and fewer than `bound` transactions, or null where there is none or the
 * budget ended first. Tries every path, short ones first: exponential, so give it a budget.
 */
export function simpleCycle(search: CycleSearch, origin: number, least: number, bound: number): Path | null {
  const end = Math.min(bound, mostTransactions + 1);
  for (let length = least; length < end && !search.budget.exhausted; length++) {
    const walk: Walk = { search, path: [origin], on: new Set([origin]), wasCut: false };
    if (extend(walk, 0, length)) return walk.path;
    if (!walk.wasCut) return null;
  }
  return null;
}

interface Walk {
  readonly search: CycleSearch;
  /** Where the walk is, helpers included. */
  readonly path: number[];
  /** The transactions on it. */
  readonly on: Set<number>;
  /** Whether there were paths that only the length forbade. */
  wasCut: boolean;
}

/** Closes the path within `left` more steps and answers true, or leaves it as it was. */
function extend(walk: Walk, state: number, left: number): boolean {
  const { path, on, search } = walk;
  const { graph, space, automaton, isHelper, budget } = search;
  const origin = path[0] ?? 0;
  const node = path.at(-1) ?? 0;
  const begin = graph.start[node] ?? 0;
  const end = graph.start[node + 1] ?? 0;
  budget.spend(end - begin + 1);
  for (let e = begin; e < end && !budget.exhausted; e++) {
    const mask = graph.mask[e] ?? 0;
    if (path.length === 1 && (mask & space.anchor) === 0) continue;
    const next = automaton.step(state, mask);
    if (next === refused) continue;
    const target = graph.target[e] ?? 0;
    if (target === origin) {
      if (automaton.accepts(next)) return true;
      continue;
    }
    const helper = isHelper(target);
    if (on.has(target) || !space.allows(origin, target, automaton.endsInRw(next))) continue;
    if (!helper && left === 1) {
      walk.wasCut = true;
      continue;
    }
    path.push(target);
    if (!helper) on.add(target);
    if (extend(walk, next, helper ? left : left - 1)) return true;
    path.pop();
    on.delete(target);
  }
  return false;
}
