import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { OwnServer } from "../clients/watcher.ts";
import { encodePlan } from "../generators/plan-json.ts";
import type { Plan } from "../generators/plan.ts";
import type { HistoryBuilder } from "../history/history-builder.ts";
import { openRecorder } from "../history/recorder.ts";
import { compareSchedules, describeDifference } from "../scheduler/compare-schedules.ts";
import { encodeSchedule } from "../scheduler/schedule-json.ts";
import type { Strategy } from "../scheduler/strategy.ts";
import type { RunSurroundings } from "./execute-run.ts";
import { makeStrategy } from "./interleaved/make-strategy.ts";
import { openStage, type Performed, type Stage } from "./interleaved/stage.ts";
import type { Interleaving, RunConfig } from "./run-config.ts";
import { runFiles, writeRunFile } from "./run-directory.ts";
import { headerOf, planOf } from "./run-parts.ts";

/** What repeating an execution showed. */
export interface Repetition {
  /** Executions in all, the first included. */
  readonly times: number;
  /** How many of them were the same as the first one, byte for byte, the first included. */
  readonly identical: number;
  /** Where the first one that differed did. */
  readonly difference: string | undefined;
  /** Some steps were the server's to order, so that executions may differ: no claim is broken then. */
  readonly racy: boolean;
}

/** How an interleaved run ended. */
export interface InterleavedRun extends Performed {
  readonly repetition: Repetition | undefined;
}

/** Where the history of a repetition is written. It stays there if it differs. */
const repeatedHistory = "history.repeated.jsonl";

/**
 * Draws the plan and executes it one statement at a time. Leaves `plan.json`, `history.jsonl` and
 * `schedule.json` in the run directory.
 *
 * @param repeat how many times in all; the tool checks its own determinism
 * @throws EnvironmentError, RecorderError, WorkloadError
 */
export async function executeInterleavedRun(
  config: RunConfig,
  interleaving: Interleaving,
  around: RunSurroundings & { readonly own: OwnServer },
  repeat: number,
): Promise<InterleavedRun> {
  const { database, directory, clock } = around;
  const plan = planOf(config);
  writeRunFile(directory, runFiles.plan, encodePlan(plan));
  const stage = await openStage(config, database, around.own, clock, around.means?.proxy);
  try {
    const strategy = makeStrategy(interleaving, config, {
      plan,
      database: database.description,
      order: stage.watcher.order,
    });
    const perform = (file: string): Promise<Performed> =>
      performInto(file, stage, { config, plan, strategy, schedule: 0 }, around);
    const first = await perform(runFiles.history);
    writeRunFile(directory, runFiles.schedule, encodeSchedule(first.schedule));
    const repetition = repeat > 1 ? await repeated(first, repeat, directory, perform) : undefined;
    return { ...first, repetition };
  } finally {
    await stage.close();
  }
}

/** Executes a plan on a stage and records it in a file of the run directory, which must not exist. */
export async function performInto(
  file: string,
  stage: Stage,
  what: {
    readonly config: RunConfig;
    readonly plan: Plan;
    readonly strategy: Strategy;
    readonly schedule: number;
    /** Is given each operation too. */
    readonly builder?: HistoryBuilder;
  },
  { database, directory, stop, progress }: Omit<RunSurroundings, "clock">,
): Promise<Performed> {
  const recorder = openRecorder(
    join(directory, file),
    headerOf({ ...what.config, seed: what.plan.seed }, database, "interleaved"),
    what.builder,
  );
  try {
    return await stage.perform({ ...what, recorder, stop, progress });
  } finally {
    recorder.close();
  }
}

async function repeated(
  first: Performed,
  times: number,
  directory: string,
  perform: (file: string) => Promise<Performed>,
): Promise<Repetition> {
  const original = readFileSync(join(directory, runFiles.history));
  const racy = first.schedule.steps.some((step) => step.racy);
  let identical = 1;
  let firstDifference: string | undefined;
  for (let time = 2; time <= times && !first.interrupted; time++) {
    const path = join(directory, repeatedHistory);
    const again = await perform(repeatedHistory);
    if (again.interrupted) break;
    const difference = compareSchedules(first.schedule, again.schedule);
    const same = readFileSync(path).equals(original);
    if (difference !== undefined || !same) {
      const where =
        difference === undefined
          ? "The steps are the same, and what the operations saw is not."
          : describeDifference(difference);
      firstDifference ??= `Execution ${time} differs. ${where}`;
      if (!racy) return { times: time, identical, difference: `${firstDifference} (see ${path})`, racy };
    } else identical++;
    rmSync(path);
  }
  return { times, identical, difference: firstDifference, racy };
}
