import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { check } from "../checkers/check.ts";
import type { Verdict } from "../checkers/verdict.ts";
import type { Database } from "../clients/database.ts";
import { encodePlan } from "../generators/plan-json.ts";
import type { Plan } from "../generators/plan.ts";
import { historyBuilder } from "../history/history-builder.ts";
import { performInto } from "../runner/execute-interleaved.ts";
import { makeStrategy } from "../runner/interleaved/make-strategy.ts";
import { openStage, type Performed, type Stage } from "../runner/interleaved/stage.ts";
import type { Interleaving } from "../runner/run-config.ts";
import { createRunDirectory, runFiles, writeRunFile } from "../runner/run-directory.ts";
import { headerOf, planOf } from "../runner/run-parts.ts";
import { shrink, type Shrunk } from "../runner/shrink.ts";
import { granted, type Move } from "../scheduler/move.ts";
import { movesStrategy } from "../scheduler/moves-strategy.ts";
import { ScheduleDivergence } from "../scheduler/schedule-divergence.ts";
import { encodeSchedule } from "../scheduler/schedule-json.ts";
import type { Strategy } from "../scheduler/strategy.ts";
import { inDatabase, keepingTrack } from "./in-database.ts";
import type { RunRequest } from "./run-once.ts";
import { namedAnomalies, wantedAnomaly } from "./wanted.ts";

/** What to explore, and how far. */
export interface ExploreRequest extends Omit<RunRequest, "interleaving" | "repeat" | "progress"> {
  readonly interleaving: Interleaving;
  /** At most so many schedules. */
  readonly schedules: number;
  /** Anomalies to look for; see {@link wantedAnomaly} for none. */
  readonly anomalies: readonly string[];
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
  /** Why a schedule was not carried out to its end, of the last for which that holds. */
  readonly stuck: string | undefined;
  readonly finding: Finding | undefined;
}

/** An anomaly, the schedule that shows it, and the smallest one that does. */
export interface Finding {
  readonly anomaly: string;
  /** Number of the schedule, from 0. */
  readonly schedule: number;
  readonly verdict: Verdict;
  readonly plan: Plan;
  readonly performed: Performed;
  readonly shrunk: ShrunkFinding | undefined;
}

/** The smallest execution that shows a finding, and where it was left. */
export interface ShrunkFinding extends Shrunk {
  readonly directory: string;
  readonly verdict: Verdict;
  /** How often its moves show it, where the server has a say in what they lead to; undefined where it has none. */
  readonly rate: { readonly shows: number; readonly of: number } | undefined;
}

/** How often a reproduction is executed whose outcome is not ours alone to decide. */
const rateExecutions = 10;

/** So many schedules of one plan are executed before another plan is drawn: it may hold no race at all. */
const schedulesPerPlan = 25;

/** One line for each executed schedule. */
const exploredFile = "explored.jsonl";
/** The folder of the smallest execution that shows the finding. */
const shrunkFolder = "shrunk";

/**
 * Executes schedule after schedule, each on emptied tables, until one shows an anomaly that is looked for, or
 * there are no more; a few schedules of each plan, but all of one where the strategy is exhaustive. Then shrinks what was found. Leaves in the run directory the plan, the
 * last executed schedule's files and a line for each; what was shrunk is a run directory inside.
 *
 * @throws EnvironmentError, RecorderError, WorkloadError
 */
export async function explore(request: ExploreRequest): Promise<Exploration> {
  return inDatabase(request, async (database) => {
    createRunDirectory(request.directory);
    return keepingTrack(request.directory, async () => {
      const stage = await openStage(request.config, database, request.target.server, request.clock);
      try {
        return await new Exploring(request, database, stage).run();
      } finally {
        await stage.close();
      }
    });
  });
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
    let finding: Finding | undefined;
    let more = true;
    let timedOut = false;
    while (finding === undefined && more && this.#executed < schedules && !stop.aborted && !timedOut) {
      const schedule = this.#executed;
      const fresh = schedule > 0 && schedule % schedulesPerPlan === 0 && samplesPlans(interleaving);
      if (fresh) ({ plan, strategy } = this.#draw(schedule / schedulesPerPlan));
      try {
        const { performed, verdict } = await this.#perform(directory, plan, strategy, schedule);
        if (performed.interrupted) break;
        this.#count(performed, verdict);
        const anomaly = this.#wanted(verdict);
        if (anomaly !== undefined)
          finding = await this.#found({ anomaly, schedule, verdict, plan, performed, shrunk: undefined });
        // A schedule that was cut short says nothing of what comes after it.
        else if (performed.stuck !== undefined && !samplesPlans(interleaving)) break;
        else more = strategy.end();
      } catch (error) {
        // A search through all schedules ends where the server does not repeat itself.
        if (!(error instanceof ScheduleDivergence)) throw error;
        this.#stuck = `the server did not repeat itself: ${error.message}`;
        break;
      }
      timedOut = finding === undefined && more && clock.nanos() > deadline;
    }
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

  async #found(finding: Finding): Promise<Finding> {
    const { directory, shrinks, stop } = this.#request;
    writeRunFile(directory, runFiles.schedule, encodeSchedule(finding.performed.schedule));
    writeRunFile(directory, runFiles.verdict, `${JSON.stringify(finding.verdict, null, 2)}\n`);
    if (!shrinks || stop.aborted) return finding;
    const inside = createRunDirectory(join(directory, shrunkFolder));
    const shows = ({ observed }: Verdict): boolean => observed.includes(finding.anomaly);
    const shrunk = await shrink({
      found: finding,
      stop,
      rehearse: async (plan, strategy) => {
        const { performed, verdict } = await this.#perform(inside, plan, strategy, finding.schedule);
        return shows(verdict) && !performed.interrupted ? performed : undefined;
      },
      progress: (executed, { plan }) => {
        this.#progress("shrinking", executed, plan);
      },
    });
    const rate = await this.#rate(inside, shrunk, shows);
    const written = await this.#writeShrunk(inside, shrunk, shows);
    if (written === undefined) return finding;
    return { ...finding, shrunk: { ...shrunk, ...written, directory: inside, rate } };
  }

  async #rate(
    inside: string,
    { plan, performed: { schedule } }: Shrunk,
    shows: (verdict: Verdict) => boolean,
  ): Promise<ShrunkFinding["rate"]> {
    if (!schedule.steps.some(({ racy }) => racy)) return undefined;
    const moves = schedule.steps.map(({ move }) => move);
    let count = 0;
    for (let i = 0; i < rateExecutions && !this.#request.stop.aborted; i++) {
      const again = await this.#tryMoves(inside, plan, moves, schedule.schedule);
      if (again !== undefined && shows(again.verdict)) count++;
    }
    return { shows: count, of: rateExecutions };
  }

  /** The smallest one, executed once more for its files; more often where the server has a say. */
  async #writeShrunk(
    inside: string,
    { plan, performed }: Shrunk,
    shows: (verdict: Verdict) => boolean,
  ): Promise<{ readonly performed: Performed; readonly verdict: Verdict } | undefined> {
    const moves = performed.schedule.steps.map(({ move }) => move);
    for (let attempt = 0; attempt < rateExecutions && !this.#request.stop.aborted; attempt++) {
      const again = await this.#tryMoves(inside, plan, moves, performed.schedule.schedule);
      if (again === undefined || !shows(again.verdict)) continue;
      writeRunFile(inside, runFiles.plan, encodePlan(plan));
      writeRunFile(inside, runFiles.schedule, encodeSchedule(again.performed.schedule));
      writeRunFile(inside, runFiles.verdict, `${JSON.stringify(again.verdict, null, 2)}\n`);
      return again;
    }
    return undefined;
  }

  /** Undefined when the moves cannot all be made this time. */
  async #tryMoves(
    inside: string,
    plan: Plan,
    moves: readonly Move[],
    schedule: number,
  ): Promise<{ readonly performed: Performed; readonly verdict: Verdict } | undefined> {
    try {
      return await this.#perform(inside, plan, movesStrategy(moves), schedule);
    } catch (error) {
      if (error instanceof ScheduleDivergence) return undefined;
      throw error;
    }
  }

  /** Executes a schedule, replacing the history of the one before. */
  async #perform(
    directory: string,
    plan: Plan,
    strategy: Strategy,
    schedule: number,
  ): Promise<{ readonly performed: Performed; readonly verdict: Verdict }> {
    const { config, model, stop } = this.#request;
    const database = this.#database;
    rmSync(join(directory, runFiles.history), { force: true });
    const builder = historyBuilder(headerOf({ ...config, seed: plan.seed }, database, "interleaved"));
    const performed = await performInto(
      runFiles.history,
      this.#stage,
      { config, plan, strategy, schedule, builder },
      { database, directory, stop, progress: () => undefined },
    );
    return { performed, verdict: check(builder.build(), model === undefined ? {} : { model }) };
  }

  #wanted(verdict: Verdict): string | undefined {
    return wantedAnomaly(verdict, { asked: this.#request.anomalies, named: this.#named });
  }

  #count({ schedule, stuck, trace }: Performed, verdict: Verdict): void {
    const moves = schedule.steps.map(({ move }) => granted(move).join("+"));
    this.#orders.add(`${schedule.seed} ${moves.join(" ")}`);
    if (schedule.steps.some(({ racy }) => racy)) this.#racy++;
    if (stuck !== undefined) this.#stuck = stuck;
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
