import { join } from "node:path";

import type { Clock } from "../clock/clock.ts";
import { fromNow } from "../clock/from-now.ts";
import type { Database } from "../clients/database.ts";
import { encodePlan } from "../generators/plan-json.ts";
import { openRecorder } from "../history/recorder.ts";
import type { FaultMeans } from "./arena.ts";
import { EnvironmentError } from "../clients/database-error.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { readAtRest } from "./at-rest.ts";
import type { RunConfig } from "./run-config.ts";
import type { RunContext, Tally } from "./run-context.ts";
import { runFiles, writeRunFile } from "./run-directory.ts";
import { headerOf, planOf, prepare, schemaOf, setupOf } from "./run-parts.ts";
import { runStress } from "./stress.ts";

/** What a run is given to work with. */
export interface RunSurroundings {
  readonly database: Database;
  /** An existing run directory. */
  readonly directory: string;
  readonly clock: Clock;
  /** Aborted to end the run early and cleanly. */
  readonly stop: AbortSignal;
  readonly progress: (tally: Tally) => void;
  /** What faults may act on beside the sessions. */
  readonly means?: FaultMeans | undefined;
  /**
   * Goes on beside the sessions of a free-running execution and ends when the signal is aborted, which it is
   * once they have ended. Its clock counts from the start of the run.
   */
  readonly beside?: Beside | undefined;
}

/** See {@link RunSurroundings.beside}. */
export type Beside = (database: Database, clock: Clock, until: AbortSignal) => Promise<void>;

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
  const recorder = openRecorder(
    join(around.directory, runFiles.history),
    headerOf(config, around.database, "stress"),
  );
  try {
    const { database } = around;
    refuseForeign(config.faults, database);
    await prepare(config, database, [...schemaOf(config, database), ...setupOf(config, database, plan)]);
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
      means: around.means ?? { server: null, proxy: null },
    };
    const { nextProcess, started } = await accompanied(around, context.clock, () =>
      withTimeLimit(config, around, (stop) => runStress(context, plan, stop)),
    );
    if (around.stop.aborted) return { interrupted: true };
    await readAtRest(context, config.workload.atRest(started), nextProcess);
    return { interrupted: false };
  } finally {
    recorder.close();
  }
}

/** @throws EnvironmentError when this kind of server does not know one of the faults */
function refuseForeign(faults: FaultPlan | undefined, { description: { kind } }: Database): void {
  const foreign = faults?.nemeses.find(({ databases }) => !databases.includes(kind));
  if (foreign !== undefined)
    throw new EnvironmentError(
      `the fault ${foreign.name} is one of ${foreign.databases.join(" and ")}, and this server is ${kind}`,
    );
}

async function accompanied<T>(
  { beside, database }: RunSurroundings,
  clock: Clock,
  work: () => Promise<T>,
): Promise<T> {
  if (beside === undefined) return work();
  const ended = new AbortController();
  const besides = beside(database, clock, ended.signal);
  try {
    return await work();
  } finally {
    ended.abort();
    await besides;
  }
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
