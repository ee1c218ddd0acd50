import { join } from "node:path";

import type { Verdict } from "../../checkers/verdict.ts";
import type { DatabaseDescription } from "../../history/header.ts";
import { loadHistory } from "../../history/load-history.ts";
import { stream } from "../../random/rng.ts";
import type { Plan } from "../../generators/plan.ts";
import type { RunConfig } from "../../runner/run-config.ts";
import { runFiles } from "../../runner/run-directory.ts";
import { planOf } from "../../runner/run-parts.ts";
import { sampleLockWaits, writeLockWaits, type LockWaitSamples } from "../../runner/sample-lock-waits.ts";
import { runOnce, type RunOutcome, type RunRequest } from "../run-once.ts";
import type { Target } from "../target.ts";
import { measure, type Measured } from "./measure.ts";
import { plannedOutcomes } from "./planned-outcomes.ts";

/** How often transactions meet: as the workload declares it, or as it is by default. */
export type Contention = "low" | "high" | "default";

/** A variant at a level and a contention on a server; run once in every round. */
export interface BenchCase {
  readonly target: Target;
  readonly contention: Contention;
  /** Its seed is the comparison's, and its time limit covers the warm-up too. */
  readonly config: RunConfig;
  /** Begins the name of its run directories. */
  readonly name: string;
}

/** One run of a case. */
export interface BenchRun {
  readonly round: number;
  readonly directory: string;
  readonly database: DatabaseDescription;
  readonly verdict: Verdict;
  readonly measured: Measured | null;
  /** Why the share of time spent waiting for locks is not known, where it is not. */
  readonly lockWaitsUnknown: string | undefined;
}

/** What every run of a comparison shares. */
export interface BenchRequest extends Pick<RunRequest, "clock" | "stop" | "warn" | "settings" | "model"> {
  readonly cases: readonly BenchCase[];
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly directory: string;
  readonly starting: (asked: BenchCase, round: number, done: number) => void;
  readonly finished: (asked: BenchCase, run: BenchRun) => void;
}

/**
 * Runs all cases in rounds, so that whatever else the machine does hits all alike: in each round every case has
 * a turn, in an order that moves on by one from round to round; and all variants carry out the same plan.
 * Stops after the running case when `stop` is aborted; an interrupted run is not reported.
 *
 * @throws EnvironmentError, RecorderError, WorkloadError of the first run that cannot be carried out
 */
export async function bench(request: BenchRequest): Promise<void> {
  const { cases, rounds, stop } = request;
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    const plans = new Map<string, Plan>();
    for (const asked of rotated(cases, round)) {
      if (stop.aborted) return;
      const config = inRound(asked.config, round, plans);
      request.starting(asked, round, done++);
      const run = await runMeasured(request, asked, config, round);
      if (run === undefined) return;
      request.finished(asked, run);
    }
  }
}

/** The case's configuration with the round's seed, and the plan that all variants share in it. */
function inRound(config: RunConfig, round: number, plans: Map<string, Plan>): RunConfig {
  const seed = round === 0 ? config.seed : `${config.seed}/${round}`;
  const key = JSON.stringify(config.parameters);
  const plan = plans.get(key) ?? planOf({ ...config, seed });
  plans.set(key, plan);
  return { ...config, seed, plan };
}

async function runMeasured(
  request: BenchRequest,
  asked: BenchCase,
  config: RunConfig,
  round: number,
): Promise<BenchRun | undefined> {
  const rng = stream(config.seed, "lock-waits");
  let waits: LockWaitSamples = { samples: null, because: "it was not asked" };
  const outcome = await runOnce({
    ...request,
    config,
    target: asked.target,
    directory: join(request.directory, `${asked.name}-${round + 1}`),
    progress: () => undefined,
    // Of a run that is cut short and not reported, nothing is worth a warning.
    warn: (sentence) => {
      if (!request.stop.aborted) request.warn(sentence);
    },
    beside: async (database, clock, until) => {
      waits = await sampleLockWaits(database, clock, rng, until);
    },
  });
  if (outcome.interrupted) return undefined;
  const { directory, database, verdict } = outcome;
  writeLockWaits(directory, waits);
  const measured = await figuresOf(outcome, config, { warmUpMs: request.warmUpMs, waits });
  const lockWaitsUnknown = "because" in waits ? waits.because : undefined;
  return { round, directory, database, verdict, measured, lockWaitsUnknown };
}

async function figuresOf(
  { directory }: RunOutcome,
  { plan, sessions, timeLimitMs, variant: { retry } }: RunConfig,
  { warmUpMs, waits }: { readonly warmUpMs: number; readonly waits: LockWaitSamples },
): Promise<Measured | null> {
  const { history } = await loadHistory(join(directory, runFiles.history));
  return measure({
    outcomes: plannedOutcomes(history, sessions, retry),
    planned: plan?.sessions.map((entries) => entries.length) ?? [],
    retry,
    samples: waits.samples,
    window: { from: warmUpMs * 1e6, to: (timeLimitMs ?? Infinity) * 1e6 },
  });
}

function rotated<T>(values: readonly T[], by: number): readonly T[] {
  const at = values.length === 0 ? 0 : by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}
