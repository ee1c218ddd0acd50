import type { Catalog } from "../../clients/catalog.ts";
import type { Connection } from "../../clients/database.ts";
import type { Watcher } from "../../clients/watcher.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Plan, PlanEntry } from "../../generators/plan.ts";
import type { Proxy } from "../../nemesis/proxy/proxy.ts";
import type { Step } from "../../scheduler/schedule.ts";
import type { Strategy } from "../../scheduler/strategy.ts";
import type { TraceEvent } from "../../scheduler/trace.ts";

/** What an interleaved execution is given beside the context of the run. */
export interface InterleavedOptions {
  readonly plan: Plan;
  readonly strategy: Strategy;
  /** Number of the schedule among those of an exploration, from 0. */
  readonly schedule: number;
  readonly watcher: Watcher;
  readonly catalog: Catalog;
  /** Real time, for waiting; the history counts steps. */
  readonly clock: Clock;
  /** The proxy that the sessions come through, if there is one. */
  readonly proxy: Proxy | null;
  readonly stop: AbortSignal;
  /** Connections left by the schedule before, by session. */
  readonly inherited: readonly (Connection | undefined)[];
  readonly trace?: (event: TraceEvent) => void;
}

/** What it leaves behind. */
export interface InterleavedResult {
  readonly steps: readonly Step[];
  /** The first process number that nobody used. */
  readonly nextProcess: number;
  /** The entries of the plan that were begun, in order. */
  readonly started: readonly PlanEntry[];
  /** Why the plan was not carried out to its end, if it was not and nobody had asked for that. */
  readonly stuck: string | undefined;
  /** Connections that can be used again, by session. */
  readonly connections: readonly (Connection | undefined)[];
}

/** The step that is being executed, which is the time in an interleaved history. */
export interface StepCounter {
  step: number;
}
