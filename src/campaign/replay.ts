import { join } from "node:path";

import type { Verdict } from "../checkers/verdict.ts";
import type { Database } from "../clients/database.ts";
import { encodePlan } from "../generators/plan-json.ts";
import type { DatabaseDescription } from "../history/header.ts";
import { loadHistory } from "../history/load-history.ts";
import type { Proxy } from "../nemesis/proxy/proxy.ts";
import { performInto } from "../runner/execute-interleaved.ts";
import { executeRun } from "../runner/execute-run.ts";
import { openStage } from "../runner/interleaved/stage.ts";
import { createRunDirectory, runFiles, writeRunFile } from "../runner/run-directory.ts";
import { planOf } from "../runner/run-parts.ts";
import { compareSchedules, describeDifference } from "../scheduler/compare-schedules.ts";
import { movesStrategy } from "../scheduler/moves-strategy.ts";
import { replayStrategy } from "../scheduler/replay-strategy.ts";
import { ScheduleDivergence } from "../scheduler/schedule-divergence.ts";
import { encodeSchedule } from "../scheduler/schedule-json.ts";
import type { Move } from "../scheduler/move.ts";
import type { Schedule } from "../scheduler/schedule.ts";
import { firstDifferentLine, type LineDifference } from "./first-different-line.ts";
import { historyDigest } from "./history-digest.ts";
import { inDatabase, keepingTrack } from "./in-database.ts";
import { judge } from "./judge.ts";
import type { RunRequest } from "./run-once.ts";

/** What is left of the run that is executed again. */
export type Recorded =
  /** All its files; no schedule if it was free-running. */
  | { readonly kind: "run"; readonly history: string; readonly schedule: Schedule | undefined }
  /** Its moves, and what its history amounted to. */
  | { readonly kind: "moves"; readonly moves: readonly Move[]; readonly digest: string | undefined };

/** What to execute again; the configuration holds its plan. */
export interface ReplayRequest extends Omit<RunRequest, "interleaving" | "repeat" | "progress"> {
  readonly recorded: Recorded;
  /** The server that it was recorded on. */
  readonly recordedOn: DatabaseDescription;
  readonly progress: (done: number, planned: number) => void;
}

/** Where an execution first differs from the recorded one. */
export interface ReplayDifference {
  /** One sentence about the step, or about the verdicts. */
  readonly sentence?: string;
  /** The first line of the history that differs, as both have it. */
  readonly line?: LineDifference;
}

/** How the execution went. */
export interface Replayed {
  readonly directory: string;
  readonly database: DatabaseDescription;
  /**
   * Whether history and schedule are the same, byte for byte; null where that cannot be asked: a free-running
   * execution, whose verdicts are compared instead, or one of which nothing but the moves was kept.
   */
  readonly identical: boolean | null;
  readonly firstDifference: ReplayDifference | undefined;
  readonly verdict: Verdict;
  /** What the recorded history is judged as, where there is one. */
  readonly recordedVerdict: Verdict | undefined;
  readonly interrupted: boolean;
}

/**
 * Executes a recorded run again from its plan and its schedule, and compares.
 * @throws EnvironmentError, RecorderError, WorkloadError, HistoryError
 */
export async function replay(request: ReplayRequest): Promise<Replayed> {
  const { recorded } = request;
  const work = async (database: Database, proxy: Proxy | null): Promise<Replayed> => {
    tellOtherServer(request, database.description);
    createRunDirectory(request.directory);
    return keepingTrack(request.directory, async () => {
      if (recorded.kind === "run" && recorded.schedule === undefined)
        return replayFreeRunning(request, recorded.history, database, proxy);
      return replayInterleaved(request, database, proxy);
    });
  };
  return inDatabase(request, work, faultsOf(recorded));
}

/** The faults among the steps. */
function faultsOf(recorded: Recorded): readonly string[] {
  const moves =
    recorded.kind === "moves" ? recorded.moves : (recorded.schedule?.steps.map(({ move }) => move) ?? []);
  return moves.flatMap((move) => (move.kind === "fault" ? [move.fault] : []));
}

async function replayFreeRunning(
  request: ReplayRequest,
  history: string,
  database: Database,
  proxy: Proxy | null,
): Promise<Replayed> {
  const { config, directory, clock, stop, progress, target } = request;
  const { interrupted } = await executeRun(config, {
    database,
    directory,
    clock,
    stop,
    means: { server: target.server, proxy },
    progress: ({ ok, fail, info, planned }) => {
      progress(ok + fail + info, planned);
    },
  });
  const recordedVerdict = await judged(request, history);
  const verdict = await judged(request, join(directory, runFiles.history));
  writeVerdict(directory, verdict);
  const sentence = differentVerdicts(recordedVerdict, verdict);
  return {
    directory,
    database: database.description,
    identical: null,
    firstDifference: sentence === undefined ? undefined : { sentence },
    verdict,
    recordedVerdict,
    interrupted,
  };
}

async function replayInterleaved(
  request: ReplayRequest,
  database: Database,
  proxy: Proxy | null,
): Promise<Replayed> {
  const { config, recorded, directory, target, clock } = request;
  const plan = planOf(config);
  writeRunFile(directory, runFiles.plan, encodePlan(plan));
  const stage = await openStage(config, database, target.server, clock, proxy);
  let found: Outcome;
  try {
    found = await outcomeOf(request, database, stage);
  } finally {
    await stage.close();
  }
  const path = join(directory, runFiles.history);
  const verdict = await judged(request, path);
  writeVerdict(directory, verdict);
  const line = recorded.kind === "run" ? firstDifferentLine(recorded.history, path) : undefined;
  const sameDigest =
    recorded.kind === "run" || recorded.digest === undefined || recorded.digest === historyDigest(path);
  const sentence =
    found.sentence ?? (sameDigest ? undefined : "What the operations saw is not what was recorded.");
  const same = sentence === undefined && line === undefined;
  const comparable = recorded.kind === "run" || recorded.digest !== undefined;
  return {
    directory,
    database: database.description,
    identical: same && !comparable ? null : same,
    firstDifference: same
      ? undefined
      : { ...(sentence === undefined ? {} : { sentence }), ...(line === undefined ? {} : { line }) },
    verdict,
    recordedVerdict: recorded.kind === "run" ? await judged(request, recorded.history) : undefined,
    interrupted: found.interrupted,
  };
}

interface Outcome {
  readonly interrupted: boolean;
  /** How the steps differ, if they do. */
  readonly sentence: string | undefined;
}

async function outcomeOf(
  request: ReplayRequest,
  database: Database,
  stage: Awaited<ReturnType<typeof openStage>>,
): Promise<Outcome> {
  const { config, recorded, directory, stop, progress } = request;
  const expected = recorded.kind === "run" ? recorded.schedule : undefined;
  const moves = recorded.kind === "moves" ? recorded.moves : [];
  const strategy = expected === undefined ? movesStrategy(moves) : replayStrategy(expected);
  try {
    const { schedule, interrupted, stuck } = await performInto(
      runFiles.history,
      stage,
      { config, plan: planOf(config), strategy, schedule: expected?.schedule ?? 0 },
      {
        database,
        directory,
        stop,
        progress: ({ ok, fail, info, planned }) => {
          progress(ok + fail + info, planned);
        },
      },
    );
    writeRunFile(directory, runFiles.schedule, encodeSchedule(schedule));
    const difference = expected === undefined ? undefined : compareSchedules(expected, schedule);
    return { interrupted, sentence: difference === undefined ? stuck : describeDifference(difference) };
  } catch (error) {
    if (!(error instanceof ScheduleDivergence)) throw error;
    return { interrupted: false, sentence: error.message };
  }
}

async function judged(request: ReplayRequest, path: string): Promise<Verdict> {
  const { history, warnings } = await loadHistory(path);
  for (const warning of warnings) request.warn(warning);
  return judge(history, request);
}

function writeVerdict(directory: string, verdict: Verdict): void {
  writeRunFile(directory, runFiles.verdict, `${JSON.stringify(verdict, null, 2)}\n`);
}

function differentVerdicts(recorded: Verdict, now: Verdict): string | undefined {
  const [before, after] = [recorded, now].map(({ valid, anomalyTypes }) =>
    anomalyTypes.length === 0 ? `valid: ${valid}` : anomalyTypes.join(", "),
  );
  return before === after ? undefined : `The recorded run showed ${before}, and this one ${after}.`;
}

/** Steps are the same on the same version only. */
function tellOtherServer({ recordedOn, warn }: ReplayRequest, found: DatabaseDescription): void {
  if (recordedOn.kind !== found.kind || recordedOn.version !== found.version)
    warn(
      `it was recorded on ${recordedOn.kind} ${recordedOn.version}, and this is ${found.kind} ${found.version}: they may differ`,
    );
  for (const [name, value] of Object.entries(recordedOn.settings)) {
    const now = found.settings[name];
    if (now !== undefined && now !== value)
      warn(`${name} was ${value} when it was recorded, and is ${now} here: --set it if it matters`);
  }
}
