import type { IsolationLevel } from "../history/header.ts";
import type { Parameters, Variant, Workload } from "../workload/workload.ts";
import type { FaultPlan } from "./inject-faults.ts";

/** What is to be run. Together with the server's version it decides the plan. */
export interface RunConfig {
  readonly seed: string;
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
