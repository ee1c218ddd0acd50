import type { Clock } from "../clock/clock.ts";
import type { Database } from "../clients/database.ts";
import type { IsolationLevel } from "../history/header.ts";
import type { Recorder } from "../history/recorder.ts";
import type { OperationDefinition, RetryPolicy } from "../workload/workload.ts";
import type { FaultMeans } from "./arena.ts";
import type { FaultPlan } from "./fault-plan.ts";

/** Everything an execution needs, handed down from the run to each process. */
export interface RunContext {
  readonly seed: string;
  readonly isolation: IsolationLevel;
  readonly database: Database;
  readonly recorder: Recorder;
  /** Counts from the start of the run. */
  readonly clock: Clock;
  readonly operations: Readonly<Record<string, OperationDefinition>>;
  readonly retry: RetryPolicy | undefined;
  /** The longest pause `think()` makes; each is drawn uniformly from zero to this. */
  readonly thinkMs: number;
  /** Undefined for a run without faults. */
  readonly faults: FaultPlan | undefined;
  /** What they may act on beside the sessions. */
  readonly means: FaultMeans;
  readonly progress: (tally: Tally) => void;
}

/** Completions so far. */
export interface Tally {
  readonly planned: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
}
