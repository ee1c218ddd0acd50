import type { Point } from "./point.ts";
import type { Choice } from "./strategy.ts";

/**
 * Preemptions that a step costs, 0 or 1: one if it leaves the session that was let go last although
 * that one is ready, and in the midst of an attempt.
 */
export function preemptions({ ready, last }: Choice, taken: Point): 0 | 1 {
  if (last === undefined || last === taken.session) return 0;
  return ready.some(({ session, begins }) => session === last && !begins) ? 1 : 0;
}
