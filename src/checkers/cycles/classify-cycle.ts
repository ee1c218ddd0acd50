import type { StepType } from "../verdict.ts";

/**
 * The anomaly that a cycle with these steps is. Total on step lists that hold a data step: `G0`,
 * `G1c`, `G-single`, `G-nonadjacent` or `G2`, with `-item` unless a predicate edge is among them, and
 * `-realtime` or `-process` when such a step is needed.
 */
export function classifyCycle(steps: readonly StepType[]): string {
  const isRw = (type: StepType | undefined): boolean => type === "rw" || type === "rwp";
  const rwCount = steps.filter(isRw).length;
  const adjacent = steps.some((type, i) => isRw(type) && isRw(steps[(i + 1) % steps.length]));
  const suffix = steps.includes("realtime") ? "-realtime" : steps.includes("process") ? "-process" : "";
  if (rwCount === 0) return (steps.includes("wr") ? "G1c" : "G0") + suffix;
  const shape = rwCount === 1 ? "G-single" : adjacent ? "G2" : "G-nonadjacent";
  return shape + (steps.includes("rwp") ? "" : "-item") + suffix;
}
