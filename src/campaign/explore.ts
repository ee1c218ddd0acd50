import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { Verdict } from "../checkers/verdict.ts";
import type { Database } from "../clients/database.ts";
import { encodePlan } from "../generators/plan-json.ts";
import type { Plan } from "../generators/plan.ts";
import { historyBuilder } from "../history/history-builder.ts";
import { performInto } from "../runner/execute-interleaved.ts";
import { makeStrategy } from "../runner/interleaved/make-strategy.ts";
import { openStage, type Stage } from "../runner/interleaved/stage.ts";
import type { Interleaving } from "../runner/run-config.ts";
import type { Proxy } from "../nemesis/proxy/proxy.ts";
import { createRunDirectory, runFiles, writeRunFile } from "../runner/run-directory.ts";
import { headerOf, planOf } from "../runner/run-parts.ts";
import { granted } from "../scheduler/move.ts";
import { ScheduleDivergence } from "../scheduler/schedule-divergence.ts";
import type { Strategy } from "../scheduler/strategy.ts";
import type { Finding, Outcome } from "./finding.ts";
import { inDatabase, keepingTrack } from "./in-database.ts";
import { judge } from "./judge.ts";
import type { RunRequest } from "./run-once.ts";
import { shrinkFinding } from "./shrink-finding.ts";
import { namedAnomalies, wantedAnomaly } from "./wanted.ts";
import { writeOutcome } from "./write-outcome.ts";

/** What to explore, and how far. */
export interface ExploreRequest extends Omit<RunRequest, "interleaving" | "repeat" | "progress"> {
  readonly interleaving: Interleaving;
  /** At most so many schedules. */
  readonly schedules: number;
  /** Anomalies to look for; see {@link wantedAnomaly} for none. */
  readonly anomalies: readonly string[];
  /** What is looked for in a verdict, instead; is shown each of them. */
  readonly wanted?: (verdict: Verdict) => string | undefined;
  /** Whether what is found is made small. */
  readonly shrinks: boolean;
  readonly progress: (progress: ExploreProgress) => void;
}

/** How far an exploration has come. */
export interface ExploreProgress {
  readonly phase: "exploring" | "shrinking";
  /** Schedules, or executions while shrinking. */
  readonly executed: number;
  /** Different orders of steps among the schedules. */
  readonly distinct: number;
  /** Operations of the smallest plan so far that shows the anomaly. */
  readonly transactions: number;
}

/** What an exploration found. */
export interface Exploration {
  readonly directory: string;
  readonly database: Database["description"];
  readonly executed: number;
  readonly distinct: number;
  /** Every schedule was executed, or left out as equivalent to one that was; undefined where that is not counted. */
  readonly complete: boolean | undefined;
  /** Branches that were left out as equivalent. */
  readonly pruned: number | undefined;
  /** Schedules with steps that were the server's to order. */
  readonly racy: number;
  /** No more than one session could wait for a lock at a time. */
  readonly oneWaiter: boolean;
  /** Whether any schedule committed anything besides reads at rest. */
  readonly committed: boolean;
  readonly interrupted: boolean;
  /** Ended by its time limit. */
  readonly timedOut: boolean;
  /** Why a schedule was not carried out to its end, or not judged, of the last for which that holds. */
  readonly stuck: string | undefined;
  readonly finding: Finding | undefined;
}

/** So many schedules of one plan are executed before another plan is drawn: it may hold no race at all. */
const schedulesPerPlan = 25;

/** One line for each executed schedule. */
const exploredFile = "explored.jsonl";
/** The folder of the smallest execution that shows the finding. */
const shrunkFolder = "shrunk";

/**
 * Executes schedule after schedule, each on emptied tables, until one shows an anomaly that is looked for, or
 * there are no more; a few schedules of each plan, but all of one where the strategy is exhaustive. Then
 * shrinks what was found. Leaves in the run directory the plan, the last executed schedule's files and a line
 * for each; what was shrunk is a run directory inside.
 *
 * @throws EnvironmentError, RecorderError, WorkloadError
 */
export async function explore(request: ExploreRequest): Promise<Exploration> {
  const { config, interleaving, target, clock, directory } = request;
  const work = async (database: Database, proxy: Proxy | null): Promise<Exploration> => {
    createRunDirectory(directory);
    return keepingTrack(directory, async () => {
      const stage = await openStage(config, database, target.server, clock, proxy);
      try {
        return await new Exploring(request, database, stage).run();
      } finally {
        await stage.close();
      }
    });
  };
  return inDatabase(request, work, interleaving.faults);
}

/** A search through all schedules is of one plan; those that draw schedules draw plans as well. */
function samplesPlans({ strategy }: Interleaving): boolean {
  return strategy !== "exhaustive";
}

class Exploring {
  readonly #request: ExploreRequest;
  readonly #database: Database;
  readonly #stage: Stage;
  readonly #orders = new Set<string>();
  readonly #named: readonly string[];
  #executed = 0;
  #racy = 0;
  #committed = false;
  #stuck: string | undefined;

  constructor(request: ExploreRequest, database: Database, stage: Stage) {
    this.#request = request;
    this.#database = database;
    this.#stage = stage;
    this.#named = namedAnomalies(request.config.workload);
  }

  async run(): Promise<Exploration> {
    const { config, interleaving, schedules, directory, stop, clock } = this.#request;
    const database = this.#database.description;
    const { order } = this.#stage.watcher;
    let { plan, strategy } = this.#draw(0);
    const deadline = config.timeLimitMs === undefined ? Infinity : clock.nanos() + config.timeLimitMs * 1e6;
    let last: Outcome | undefined;
    let finding: Finding | undefined;
    let more = true;
    let timedOut = false;
    while (finding === undefined && more && this.#executed < schedules && !stop.aborted && !timedOut) {
      const schedule = this.#executed;
      const fresh = schedule > 0 && schedule % schedulesPerPlan === 0 && samplesPlans(interleaving);
      if (fresh) ({ plan, strategy } = this.#draw(schedule / schedulesPerPlan));
      try {
        last = undefined;
        const outcome = await this.#perform(directory, plan, strategy, schedule);
        if (outcome.performed.interrupted) break;
        last = outcome;
        this.#count(outcome);
        const anomaly = this.#wanted(outcome.verdict);
        if (anomaly !== undefined) finding = { ...outcome, anomaly, schedule, plan, shrunk: undefined };
        // A schedule that was cut short says nothing of what comes after it.
        else if (outcome.performed.stuck !== undefined && !samplesPlans(interleaving)) break;
        else more = strategy.end();
      } catch (error) {
        // A search through all schedules ends where the server does not repeat itself.
        if (!(error instanceof ScheduleDivergence)) throw error;
        this.#stuck = `the server did not repeat itself: ${error.message}`;
        break;
      }
      timedOut = finding === undefined && more && clock.nanos() > deadline;
    }
    // Its history is in the directory. That of one which was cut short is as well, and has no schedule.
    if (last !== undefined) writeOutcome(directory, last);
    if (finding !== undefined) finding = await this.#made(finding);
    const counted = "explored" in strategy ? (strategy as { readonly pruned?: number }) : undefined;
    return {
      directory,
      database,
      executed: this.#executed,
      distinct: this.#orders.size,
      complete: counted === undefined ? undefined : !more,
      pruned: counted?.pruned,
      racy: this.#racy,
      oneWaiter: order === "one-waiter",
      committed: this.#committed,
      interrupted: stop.aborted,
      timedOut,
      stuck: this.#stuck,
      finding,
    };
  }

  /** The plan with that number, and the strategy for its schedules. */
  #draw(number: number): { readonly plan: Plan; readonly strategy: Strategy } {
    const { config, interleaving, directory } = this.#request;
    const plan = planOf(number === 0 ? config : { ...config, seed: `${config.seed}/${number}` });
    writeRunFile(directory, runFiles.plan, encodePlan(plan));
    const where = { plan, database: this.#database.description, order: this.#stage.watcher.order };
    return { plan, strategy: makeStrategy(interleaving, config, where) };
  }

  /** With the smallest execution that shows it, if it was asked for and there is time. */
  async #made(finding: Finding): Promise<Finding> {
    const { directory, shrinks, stop } = this.#request;
    if (!shrinks || stop.aborted) return finding;
    const inside = join(directory, shrunkFolder);
    const shrunk = await shrinkFinding({
      found: finding,
      directory: inside,
      perform: (plan, strategy) => this.#perform(inside, plan, strategy, finding.schedule),
      progress: (executions, plan) => {
        this.#progress("shrinking", executions, plan);
      },
      stop,
    });
    return { ...finding, shrunk };
  }

  /** Executes a schedule, replacing the history of the one before. */
  async #perform(directory: string, plan: Plan, strategy: Strategy, schedule: number): Promise<Outcome> {
    const { config, stop } = this.#request;
    const database = this.#database;
    rmSync(join(directory, runFiles.history), { force: true });
    const builder = historyBuilder(headerOf({ ...config, seed: plan.seed }, database, "interleaved"));
    const performed = await performInto(
      runFiles.history,
      this.#stage,
      { config, plan, strategy, schedule, builder },
      { database, directory, stop, progress: () => undefined },
    );
    return { performed, verdict: judge(builder.build(), this.#request) };
  }

  #wanted(verdict: Verdict): string | undefined {
    const { wanted } = this.#request;
    if (wanted !== undefined) return wanted(verdict);
    return wantedAnomaly(verdict, { asked: this.#request.anomalies, named: this.#named });
  }

  #count({ performed: { schedule, stuck, trace }, verdict }: Outcome): void {
    const moves = schedule.steps.map(({ move }) => granted(move).join("+"));
    this.#orders.add(`${schedule.seed} ${moves.join(" ")}`);
    if (schedule.steps.some(({ racy }) => racy)) this.#racy++;
    const [crashed] = verdict.crashed ?? [];
    this.#stuck = stuck ?? crashed ?? this.#stuck;
    if (verdict.counts.ok > trace.rest.length) this.#committed = true;
    const { valid, observed } = verdict;
    const line = { schedule: this.#executed, steps: schedule.steps.length, valid, observed };
    appendFileSync(join(this.#request.directory, exploredFile), `${JSON.stringify(line)}\n`);
    this.#executed++;
    this.#progress("exploring", this.#executed, undefined);
  }

  #progress(phase: ExploreProgress["phase"], executed: number, plan: Plan | undefined): void {
    const transactions = plan?.sessions.reduce((sum, entries) => sum + entries.length, 0) ?? 0;
    this.#request.progress({ phase, executed, distinct: this.#orders.size, transactions });
  }
}
