import { join } from "node:path";

import { withAvailability } from "../checkers/availability/with-availability.ts";
import type { Verdict } from "../checkers/verdict.ts";
import type { Database } from "../clients/database.ts";
import type { Clock } from "../clock/clock.ts";
import type { DatabaseDescription } from "../history/header.ts";
import { loadHistory } from "../history/load-history.ts";
import type { Proxy } from "../nemesis/proxy/proxy.ts";
import { executeRun, type Beside, type RunSurroundings } from "../runner/execute-run.ts";
import { executeInterleavedRun, type Repetition } from "../runner/execute-interleaved.ts";
import type { Interleaving, RunConfig } from "../runner/run-config.ts";
import type { Tally } from "../runner/run-context.ts";
import { createRunDirectory, runFiles, writeRunFile } from "../runner/run-directory.ts";
import { stream } from "../random/rng.ts";
import { sampleLockWaits, writeLockWaits } from "../runner/sample-lock-waits.ts";
import { inDatabase, keepingTrack } from "./in-database.ts";
import { judge } from "./judge.ts";
import type { Target } from "./target.ts";

/** Everything one run needs besides its configuration. */
export interface RunRequest {
  readonly config: RunConfig;
  /** Undefined for a free-running execution. */
  readonly interleaving?: Interleaving | undefined;
  /** How many times an interleaved execution is carried out, to see whether it is the same each time; 1 unless given. */
  readonly repeat?: number | undefined;
  /** The server, ours or the user's. */
  readonly target: Pick<Target, "url" | "server">;
  /** Server variables for each session, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** The run directory to make. */
  readonly directory: string;
  /** The model to judge the database against; what its level promises when undefined. */
  readonly model: string | undefined;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly progress: (tally: Tally) => void;
  readonly warn: (sentence: string) => void;
  /** What goes on beside a free-running execution. */
  readonly beside?: Beside | undefined;
}

/** A finished run. */
export interface RunOutcome {
  readonly directory: string;
  readonly database: DatabaseDescription;
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  readonly repetition?: Repetition | undefined;
  /** Steps of an interleaved execution that were the server's to order. */
  readonly racySteps?: number | undefined;
}

/**
 * One run from plan to verdict: opens a namespace on the server, executes, drops the namespace,
 * and judges the history as it stands on disk. Leaves all files of the run in its directory.
 *
 * @throws EnvironmentError, RecorderError, WorkloadError; what was recorded until then is kept
 */
export async function runOnce(request: RunRequest): Promise<RunOutcome> {
  const { config, target, clock, stop, progress } = request;
  const { interleaving, beside } = request;
  const work = async (database: Database, proxy: Proxy | null): Promise<RunOutcome> => {
    const directory = createRunDirectory(request.directory);
    const means = { server: target.server, proxy };
    const around = { database, directory, clock, stop, progress, beside, means };
    const description = database.description;
    if (interleaving === undefined) {
      const { interrupted } = await keepingTrack(directory, () =>
        executeRun(config, beside === undefined ? watchingLocks(around, config.seed) : around),
      );
      return { directory, database: description, verdict: await verdictIn(directory, request), interrupted };
    }
    const own = { ...around, own: target.server };
    const { schedule, stuck, interrupted, repetition } = await keepingTrack(directory, () =>
      executeInterleavedRun(config, interleaving, own, request.repeat ?? 1),
    );
    const verdict = await verdictIn(directory, request, stuck);
    const racySteps = schedule.steps.filter(({ racy }) => racy).length;
    return { directory, database: description, verdict, interrupted, repetition, racySteps };
  };
  return inDatabase(request, work, interleaving?.faults);
}

/** Asks beside the run how many of its sessions wait for a lock, and leaves that in its directory. */
function watchingLocks(around: RunSurroundings, seed: string): RunSurroundings {
  return {
    ...around,
    beside: async (database, clock, until) => {
      const waits = await sampleLockWaits(database, clock, stream(seed, "lock-waits"), until);
      writeLockWaits(around.directory, waits);
    },
  };
}

/** The verdict on the history in a run directory, written beside it. */
async function verdictIn(directory: string, request: RunRequest, stuck?: string): Promise<Verdict> {
  const { history, warnings } = await loadHistory(join(directory, runFiles.history));
  for (const warning of warnings) request.warn(warning);
  const judged = withAvailability(judge(history, request), history);
  // What was found stays found; what was not may be in what was not carried out.
  const verdict: Verdict =
    stuck === undefined || judged.valid === false ? judged : { ...judged, valid: "unknown", because: stuck };
  writeRunFile(directory, runFiles.verdict, `${JSON.stringify(verdict, null, 2)}\n`);
  return verdict;
}
