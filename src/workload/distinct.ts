import type { PlannedOperation } from "./workload.ts";

/**
 * The numbers or strings that a plan's operations have as one argument, each once: for the rows that must be there,
 * and the reads at rest. Numbers come first, in ascending order, then strings by their code units. Operations
 * without such an argument do not count. Linear, but for sorting.
 *
 * @param name the argument, as in `distinct(plan, "account")`
 */
export function distinct(plan: readonly PlannedOperation[], name: string): readonly (number | string)[] {
  const values = new Set(plan.map(({ args }) => args[name]));
  const numbers = [...values].filter((value) => typeof value === "number").sort((a, b) => a - b);
  const strings = [...values].filter((value) => typeof value === "string").sort((a, b) => (a < b ? -1 : 1));
  return [...numbers, ...strings];
}
