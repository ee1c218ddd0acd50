import type { Clock } from "../../clock/clock.ts";
import type { Plan } from "../../generators/plan.ts";
import { isolationLevels, type IsolationLevel } from "../../history/header.ts";
import { StuckError } from "../../runner/interleaved/settle.ts";
import type { Performed } from "../../runner/interleaved/stage.ts";
import { scheduleFormat } from "../../scheduler/schedule.ts";
import { guidedStrategy } from "../../scheduler/guided-strategy.ts";
import type { Strategy } from "../../scheduler/strategy.ts";
import { sentBy, type SentStatement } from "../search/conduct.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { Lanes } from "./lanes.ts";
import { executeRace, type RaceExecution, type RaceFunction } from "./race-execution.ts";
import type { RaceOptions } from "../race-options.ts";
import type { RaceStage } from "../race-stage.ts";
import { OutOfTime } from "../out-of-time.ts";
import { RaceMisuse } from "../race-misuse.ts";
import { setUpRace } from "../race-set-up.ts";
import { RowWatch } from "../rows/row-watch.ts";
import { watchedRows, type WatchedRows } from "../rows/watched-rows.ts";
import type { State } from "../serial/outcome.ts";
import { silentWriters, type SilentWriters } from "./silent-writers.ts";
import { StatementReader } from "./statement-reader.ts";
import { tableKeys } from "./table-keys.ts";
import type { Ending } from "./user-session.ts";

/** One schedule that was executed. */
export interface Rehearsed {
  readonly performed: Performed;
  readonly execution: RaceExecution;
  /** Numbers of the functions that took part, by session. */
  readonly functions: readonly number[];
  /** Number of their mix. */
  readonly mix: number;
  /** What was there before, where that was asked. */
  readonly setup: State | undefined;
  /** Where the connections of all executions so far have looked for tables. */
  readonly lookedIn: LookedIn;
  /** Which rows were read and written; undefined where nobody watched. */
  readonly rows: WatchedRows | undefined;
}

/** Where connections look for tables. */
export interface LookedIn {
  /** Schemas (databases in MySQL), the first one first, before anything was sent. */
  readonly path: readonly string[];
  /** What was sent to look elsewhere. */
  readonly moves: readonly string[];
  /** Names of schemas, which need not be there, in which they then looked (PostgreSQL). */
  readonly visited: readonly string[];
}

/** Levels of the transactions of a race, the lowest first. */
export interface RaceLevels {
  /** Those that the code chooses by itself, in BEGIN or SET. */
  readonly chosen: readonly IsolationLevel[];
  /** Those of transactions that choose none. */
  readonly others: readonly IsolationLevel[];
}

/** A function that was run by itself. */
export interface Alone {
  readonly ending: Ending;
  readonly sent: readonly SentStatement[];
  /** It had several statements under way at once. */
  readonly several: boolean;
}

/** What rehearsals are given. */
export interface RehearsalOptions {
  readonly stage: RaceStage;
  readonly functions: readonly RaceFunction[];
  readonly setup: RaceOptions["setup"];
  readonly seed: string;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Called before each execution: instruments the drivers that are there by now. */
  readonly look?: () => void;
  /** A transaction that is left open is rolled back and not spoken of: the code is not what it was. */
  readonly forgives?: boolean;
  /** Reads what the set-up has made, before each execution. */
  readonly beforehand?: () => Promise<State>;
  /** Whether it is watched which rows each schedule reads and writes. */
  readonly watch?: boolean;
}

/** Executes schedules of a race, each from the state that the set-up makes. */
export class Rehearsal {
  readonly experiment: Experiment;
  readonly #options: RehearsalOptions;
  readonly #mix: number;
  readonly #lanes: Lanes;
  #late: string | undefined;
  #footprint: Awaited<ReturnType<RaceStage["footprints"]>> | undefined;
  #silent: SilentWriters | undefined;
  #statements: StatementReader | undefined;

  /** @param mix number of the mix of functions */
  constructor(options: RehearsalOptions, experiment: Experiment, mix = 0) {
    this.#options = options;
    this.#mix = mix;
    this.experiment = experiment;
    this.#lanes = new Lanes(options.stage.watcher, experiment.level);
  }

  /**
   * @param plan whose operations are numbers of functions
   * @param watch whether it is watched which rows are read and written
   */
  async perform(
    plan: Plan,
    strategy: Strategy,
    schedule: number,
    watch = this.#options.watch,
  ): Promise<Rehearsed> {
    const { stage, seed, stop, beforehand } = this.#options;
    this.#refuseLate();
    await this.setUp();
    const setup = await beforehand?.();
    const watching = watch === true ? await RowWatch.open(stage) : undefined;
    await stage.watcher.holdVersions();
    const functions = plan.sessions.flatMap((entries) => entries.map(({ id }) => id));
    const execution = await this.#execute(functions, strategy, schedule, watching);
    this.#refuseLate();
    if (execution.leftOpen > 0 && this.#options.forgives !== true) throw new RaceMisuse(leftOpen);
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
    const rows = watching === undefined ? undefined : await watchedRows(watching, performed);
    return { performed, execution, functions, mix: this.#mix, setup, lookedIn: this.lookedIn, rows };
  }

  async #execute(
    functions: readonly number[],
    strategy: Strategy,
    schedule: number,
    rows?: RowWatch,
  ): Promise<RaceExecution> {
    const { stage, seed, clock, stop, look } = this.#options;
    look?.();
    const footprint = (this.#footprint ??= await stage.footprints());
    this.#silent ??= await silentWriters(stage);
    this.#statements ??= new StatementReader(stage.dialect, await tableKeys(stage));
    const { rewrite, retold } = this.experiment;
    return executeRace({
      dialect: stage.dialect,
      statements: this.#statements,
      functions: functions.map((id) => this.#function(id)),
      strategy,
      schedule,
      seed,
      watcher: stage.watcher,
      clock,
      stop,
      lanes: this.#lanes,
      rules: stage.rules,
      footprint: (sql) => footprint(rewrite(sql)),
      silent: this.#silent,
      rewrite,
      retold,
      rows,
      late: ({ name }, sql) => {
        this.#late ??= `The code of ${name} sent \`${sql}\` when the function had ended and its schedule was over: await all statements in the function.`;
      },
    });
  }

  /**
   * Runs one function to its end, in the state that there is, and answers how it ended and what it sent.
   *
   * @throws StuckError when it does not, OutOfTime
   */
  async performAlone(id: number): Promise<Alone> {
    if (this.#isOver()) throw new OutOfTime(undefined);
    const execution = await this.#execute([id], guidedStrategy([]), 0);
    if (this.#isOver()) throw new OutOfTime({ name: this.nameOf(id), sent: sentBy(execution.events, 0) });
    const [ending] = execution.endings;
    if (ending !== undefined && execution.stuck === undefined)
      return { ending, sent: sentBy(execution.events, 0), several: execution.several[0] === true };
    throw new StuckError(execution.stuck ?? `${this.nameOf(id)} did not come to its end`);
  }

  #isOver(): boolean {
    return this.#options.stop.aborted;
  }

  /** What came too late is in no schedule, or in the wrong one. */
  #refuseLate(): void {
    if (this.#late !== undefined) throw new RaceMisuse(this.#late);
  }

  /** Makes the state that every schedule begins with. */
  async setUp(): Promise<void> {
    const { setup, stage } = this.#options;
    try {
      await setUpRace(setup, stage);
    } catch (error) {
      if (error instanceof RaceMisuse) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new RaceMisuse(`The set-up of the race failed: ${why}`, { cause: error });
    }
  }

  /** Numbers of all functions. */
  get all(): readonly number[] {
    return this.#options.functions.map((_, id) => id);
  }

  /** What a function is called. */
  nameOf(id: number): string {
    return this.#function(id).name;
  }

  /** Some transaction has chosen a level by itself. */
  get choosesLevel(): boolean {
    return this.#lanes.chosen.size > 0;
  }

  /** Where its connections look for tables. */
  get lookedIn(): LookedIn {
    const { path, moves, visited } = this.#lanes;
    return { path: [...path], moves: [...moves], visited: [...visited] };
  }

  /** The levels at which its transactions ran, as far as is known by now. */
  get levels(): RaceLevels {
    const { chosen, found } = this.#lanes;
    const { level } = this.experiment;
    return {
      chosen: isolationLevels.filter((each) => chosen.has(each)),
      others: level === undefined ? isolationLevels.filter((each) => found.has(each)) : [level],
    };
  }

  /** Gives the application's connections back as they were. */
  close(): Promise<void> {
    return this.#lanes.restore();
  }

  #function(id: number): RaceFunction {
    const known = this.#options.functions[id];
    if (known === undefined) throw new RangeError(`there is no function ${id}`);
    return { id, name: known.name, run: this.experiment.around(known.run) };
  }
}

const leftOpen =
  "A session ended and left a transaction open on its connection: commit it or roll it back before the connection is given back.";
