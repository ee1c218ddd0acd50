import type { Adjacency } from "../graph/adjacency.ts";
import type { Budget } from "./budget.ts";
import type { PathAutomaton } from "./path-automaton.ts";
import type { SearchSpace } from "./search-space.ts";
import type { SearchTables } from "./search-tables.ts";

/** A cycle as its nodes in order, the first not repeated; helper nodes included. */
export type Path = readonly number[];

/** What a search for cycles of one type in one component works with. */
export interface CycleSearch {
  readonly graph: Adjacency;
  readonly space: SearchSpace;
  readonly automaton: PathAutomaton;
  /** Nodes that stand for no transaction and are left by silent edges only. */
  readonly isHelper: (node: number) => boolean;
  readonly budget: Budget;
  readonly tables: SearchTables;
}

/** How many transactions a path has. */
export function pathLength(path: Path, isHelper: (node: number) => boolean): number {
  return path.reduce((sum, node) => (isHelper(node) ? sum : sum + 1), 0);
}
