import type { Clock } from "../clock/clock.ts";
import type { Plan } from "../generators/plan.ts";
import type { Performed } from "../runner/interleaved/stage.ts";
import { scheduleFormat } from "../scheduler/schedule.ts";
import type { Strategy } from "../scheduler/strategy.ts";
import type { Experiment } from "./experiments/experiment.ts";
import { Lanes } from "./lanes.ts";
import { executeRace, type RaceExecution, type RaceFunction } from "./race-execution.ts";
import type { RaceOptions } from "./race-options.ts";
import type { RaceStage } from "./race-stage.ts";
import { RaceMisuse } from "./race-misuse.ts";
import { watchedRows, type WatchedRows } from "./rows/watched-rows.ts";
import { RowWatch } from "./rows/row-watch.ts";

/** One schedule that was executed. */
export interface Rehearsed {
  readonly performed: Performed;
  readonly execution: RaceExecution;
  /** Numbers of the functions that took part, by session. */
  readonly functions: readonly number[];
  /** Which rows were read and written; undefined where nobody watched. */
  readonly rows: WatchedRows | undefined;
}

/** What rehearsals are given. */
export interface RehearsalOptions {
  readonly stage: RaceStage;
  readonly functions: readonly RaceFunction[];
  readonly setup: RaceOptions["setup"];
  readonly seed: string;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Whether it is watched which rows each schedule reads and writes. */
  readonly watch?: boolean;
}

/** Executes schedules of a race, each from the state that the set-up makes. */
export class Rehearsal {
  readonly experiment: Experiment;
  readonly #options: RehearsalOptions;
  readonly #lanes: Lanes;
  #footprint: Awaited<ReturnType<RaceStage["footprints"]>> | undefined;

  constructor(options: RehearsalOptions, experiment: Experiment) {
    this.#options = options;
    this.experiment = experiment;
    this.#lanes = new Lanes(options.stage.watcher, experiment.level);
  }

  /**
   * @param plan whose operations are numbers of functions
   * @param watch whether it is watched which rows are read and written
   */
  async perform(plan: Plan, strategy: Strategy, schedule: number, watch = this.#options.watch): Promise<Rehearsed> {
    const { stage, seed, clock, stop } = this.#options;
    await this.setUp();
    this.#footprint ??= await stage.footprints();
    const rows = watch === true ? await RowWatch.open(stage) : undefined;
    await stage.watcher.holdVersions();
    const functions = plan.sessions.flatMap((entries) => entries.map(({ id }) => id));
    const execution = await executeRace({
      functions: functions.map((id) => this.#function(id)),
      strategy,
      schedule,
      seed,
      watcher: stage.watcher,
      clock,
      stop,
      lanes: this.#lanes,
      rules: stage.rules,
      footprint: this.#footprint,
      rewrite: this.experiment.rewrite,
      retold: this.experiment.retold,
      rows,
    });
    if (execution.leftOpen > 0) throw new RaceMisuse(leftOpen);
    const performed: Performed = {
      schedule: { isolab: scheduleFormat, seed, strategy: strategy.name, schedule, steps: execution.steps },
      trace: {
        database: stage.database,
        isolation: this.experiment.level ?? "read-committed",
        sessions: functions.length,
        schema: [],
        setup: [],
        events: execution.events,
        rest: [],
      },
      interrupted: stop.aborted,
      stuck: execution.stuck,
    };
    return { performed, execution, functions, rows: rows && (await watchedRows(rows, performed)) };
  }

  /** Makes the state that every schedule begins with. */
  async setUp(): Promise<void> {
    const { setup, stage } = this.#options;
    if (typeof setup === "string") await stage.run(setup);
    else await setup?.(stage.query);
  }

  /** Some transaction has chosen a level by itself. */
  get choosesLevel(): boolean {
    return this.#lanes.choosesLevel;
  }

  /** Gives the application's connections back as they were. */
  close(): Promise<void> {
    return this.#lanes.restore();
  }

  #function(id: number): RaceFunction {
    const known = this.#options.functions[id];
    if (known === undefined) throw new RangeError(`there is no function ${id}`);
    return { name: known.name, run: this.experiment.around(known.run) };
  }
}

const leftOpen =
  "A session ended and left a transaction open on its connection: commit it or roll it back before the connection is given back.";
