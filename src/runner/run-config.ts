import type { Plan } from "../generators/plan.ts";
import type { IsolationLevel } from "../history/header.ts";
import type { Parameters, Variant, Workload } from "../workload/workload.ts";
import type { FaultPlan } from "./fault-plan.ts";

/** What is to be run. Together with the server's version it decides the plan. */
export interface RunConfig {
  readonly seed: string;
  /** A plan to be executed as it is, instead of one that is drawn. */
  readonly plan?: Plan;
  readonly workload: Workload;
  readonly variantName: string;
  readonly variant: Variant;
  readonly parameters: Parameters;
  readonly isolation: IsolationLevel;
  readonly sessions: number;
  /** Planned operations in all. */
  readonly operations: number;
  /** Planned operations per second, all sessions together; as fast as possible when undefined. */
  readonly rate: number | undefined;
  /** No operation starts later than this; undefined for no limit. */
  readonly timeLimitMs: number | undefined;
  /** The longest pause `think()` makes. */
  readonly thinkMs: number;
  /** Undefined for a run without faults. */
  readonly faults: FaultPlan | undefined;
}

/** How the statements of an interleaved execution are put in order. */
export interface Interleaving {
  /** A name that {@link strategies} knows. */
  readonly strategy: string;
  /** Of the bugs that `pct` looks for. */
  readonly depth: number | undefined;
  /** How likely two sessions are let go at once. */
  readonly overlaps: number | undefined;
  /** The bound of `exhaustive` on preemptions. */
  readonly preemptions: number | undefined;
  /** Whether `exhaustive` leaves equivalent schedules out. */
  readonly prune: boolean;
  /** Faults that may be steps, by name, and how likely each step is one. */
  readonly faults: readonly string[];
  readonly faultRate: number;
}
