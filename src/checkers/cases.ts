import type { Witness } from "./verdict.ts";

/**
 * How often an anomaly was proven in a history, and how early. The keys are stable.
 *
 * What one case is: for an anomaly that is no cycle, one thing that its checker tells of it (a read, a group of updates
 * of one version, a seat sold twice). For a cycle, a strongly connected component of the dependency graph in which one
 * of the type was found: how many cycles a component has says nothing, there may be exponentially many.
 */
export interface Cases {
  /** Distinct cases; at least one. */
  readonly count: number;
  /**
   * `count` is a lower bound: a component has transactions beside the cycle told, a search was cut short, or the
   * checker tells no more than the first few.
   */
  readonly more: boolean;
  /** Distinct operations that the cases name. */
  readonly operations: number;
  /** The index in the history of the earliest completion that they name; null where they name none. */
  readonly firstOperation: number | null;
}

/** The figures of cases that are all at hand. Linear in the operations that they name. */
export function casesOf(witnesses: readonly Witness[], more: boolean): Cases {
  const indices = new Set(witnesses.flatMap(({ cycle }) => cycle.map(({ index }) => index)));
  const firstOperation = indices.size === 0 ? null : [...indices].reduce((a, b) => Math.min(a, b));
  return { count: witnesses.length, more, operations: indices.size, firstOperation };
}

/** Of one anomaly that two checkers tell: they may mean the same, so that the larger number is what is proven. */
export function eitherCases(one: Cases, other: Cases): Cases {
  const firsts = [one, other].flatMap(({ firstOperation }) => firstOperation ?? []);
  return {
    count: Math.max(one.count, other.count),
    more: true,
    operations: Math.max(one.operations, other.operations),
    firstOperation: firsts.length === 0 ? null : Math.min(...firsts),
  };
}
