import type { Nemesis } from "../nemesis/nemesis.ts";

/** Which faults to inject into a free-running execution, how often, and for how long. */
export interface FaultPlan {
  readonly nemeses: readonly Nemesis[];
  /** Mean time from the end of a fault to the next one; each is drawn uniformly from half to one and a half of it. */
  readonly intervalMs: number;
  /** Mean time that a lasting fault goes on; drawn likewise. */
  readonly durationMs: number;
}
