import type { PlannedOperation } from "./workload.ts";

/**
 * The numbers that a plan's operations have as one argument, each once, in ascending order: for the rows that must
 * be there, and the reads at rest. Operations without such a number do not count. Linear, but for sorting.
 *
 * @param name the argument, as in `distinct(plan, "account")`
 */
export function distinct(plan: readonly PlannedOperation[], name: string): readonly number[] {
  const numbers = plan.map(({ args }) => args[name]).filter((value) => typeof value === "number");
  return [...new Set(numbers)].sort((a, b) => a - b);
}
