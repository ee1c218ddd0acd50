import { join } from "node:path";

import type { Clock } from "../clock/clock.ts";
import { fromNow } from "../clock/from-now.ts";
import type { Database } from "../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../clients/database-error.ts";
import { atRate } from "../generators/stagger.ts";
import { drawPlan, type Plan } from "../generators/plan.ts";
import { encodePlan } from "../generators/plan-json.ts";
import { historyFormat, type Header, type IsolationLevel } from "../history/header.ts";
import { openRecorder } from "../history/recorder.ts";
import { WorkloadError } from "../workload/define-workload.ts";
import type { Parameters, Variant, Workload } from "../workload/workload.ts";
import { readAtRest } from "./at-rest.ts";
import type { FaultPlan } from "./inject-faults.ts";
import type { RunContext, Tally } from "./run-context.ts";
import { runFiles, writeRunFile } from "./run-directory.ts";
import { runStress } from "./stress.ts";

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

/** What a run is given to work with. */
export interface RunSurroundings {
  readonly database: Database;
  /** An existing run directory. */
  readonly directory: string;
  readonly clock: Clock;
  /** Aborted to end the run early and cleanly. */
  readonly stop: AbortSignal;
  readonly progress: (tally: Tally) => void;
}

/**
 * Draws the plan, executes it free-running and reads everything at rest. Leaves `plan.json` and
 * `history.jsonl` in the run directory; whatever happens, what was recorded stays there.
 *
 * @returns whether the user's `stop` ended it before the reads at rest
 * @throws EnvironmentError, RecorderError, or the workload's own exception
 */
export async function executeRun(
  config: RunConfig,
  around: RunSurroundings,
): Promise<{ readonly interrupted: boolean }> {
  const plan = planOf(config);
  writeRunFile(around.directory, runFiles.plan, encodePlan(plan));
  const recorder = openRecorder(join(around.directory, runFiles.history), headerOf(config, around.database));
  try {
    await prepare(config, around.database, plan);
    const context: RunContext = {
      ...around,
      clock: fromNow(around.clock),
      recorder,
      seed: config.seed,
      isolation: config.isolation,
      operations: config.variant.operations,
      retry: config.variant.retry,
      thinkMs: config.thinkMs,
      faults: config.faults,
    };
    const { nextProcess, started } = await withTimeLimit(config, around, (stop) =>
      runStress(context, plan, stop),
    );
    if (around.stop.aborted) return { interrupted: true };
    await readAtRest(context, config.workload.atRest(started), nextProcess);
    return { interrupted: false };
  } finally {
    recorder.close();
  }
}

function planOf({ workload, parameters, rate, seed, sessions, operations }: RunConfig): Plan {
  try {
    const generator = workload.generator(parameters);
    return drawPlan(rate === undefined ? generator : atRate(rate, generator), { seed, sessions, operations });
  } catch (error) {
    throw refused(`the generator of ${workload.name}`, error);
  }
}

function headerOf(config: RunConfig, database: Database): Header {
  return {
    isolab: historyFormat,
    seed: config.seed,
    workload: config.workload.name,
    variant: config.variantName,
    params: { ...config.parameters, sessions: config.sessions, operations: config.operations },
    mode: "stress",
    isolation: config.isolation,
    database: database.description,
    checks: config.workload.checks,
  };
}

async function prepare({ workload, variant }: RunConfig, database: Database, plan: Plan): Promise<void> {
  const { dialect } = database;
  try {
    await database.execute([
      ...workload.schema(dialect),
      ...(variant.schema?.(dialect) ?? []),
      ...workload.setup(dialect, plan.sessions.flat()),
    ]);
  } catch (error) {
    if (error instanceof DatabaseError && error.fields.connectionLost) {
      throw new EnvironmentError(`the server was lost: ${error.message}`, { cause: error });
    }
    throw error instanceof EnvironmentError ? error : refused(`the schema of ${workload.name}`, error);
  }
}

function refused(what: string, error: unknown): WorkloadError {
  const why = error instanceof Error ? error.message : String(error);
  return new WorkloadError(`${what} does not work: ${why}`, { cause: error });
}

/** Runs with a signal that the user's stop or the time limit aborts, whichever comes first. */
async function withTimeLimit<T>(
  { timeLimitMs }: RunConfig,
  { clock, stop }: RunSurroundings,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  if (timeLimitMs === undefined) return work(stop);
  const limit = new AbortController();
  const done = new AbortController();
  const timer = clock.sleep(timeLimitMs, done.signal).then(
    () => {
      limit.abort();
    },
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([stop, limit.signal]));
  } finally {
    done.abort();
    await timer;
  }
}
