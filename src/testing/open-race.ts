import type { Clock } from "../clock/clock.ts";
import { isolationLevels, type IsolationLevel } from "../history/header.ts";
import type { IndexTrial } from "./search/diagnose.ts";
import { asItIs, type Experiment } from "./experiments/experiment.ts";
import type { Instruments } from "./instrument/install.ts";
import type { RaceFunction } from "./execution/race-execution.ts";
import { RaceJudge } from "./race-judge.ts";
import type { RaceLimit } from "./race-limit.ts";
import type { RaceOptions } from "./race-options.ts";
import type { RaceParameters } from "./race-parameters.ts";
import { racePlan } from "./search/race-plan.ts";
import { Rehearsal, type Alone, type RaceLevels } from "./execution/race-rehearsal.ts";
import { searchRace, type Searched } from "./search/race-search.ts";
import { dropIndex, withIndex } from "./race-set-up.ts";
import type { RaceStage } from "./race-stage.ts";

/** What is changed about the code, and which mix of its functions is executed. */
export interface Change {
  readonly experiment: Experiment;
  /** Number of the mix; 0 unless given. */
  readonly mix?: number;
  /** A unique index that is there meanwhile. */
  readonly index?: IndexTrial | undefined;
  /** The code is not what it was: a transaction that it leaves open is not spoken of. */
  readonly forgives?: boolean;
}

/** What is searched with something changed. */
export interface ChangedSearch {
  /** Numbers of those that take part; all unless given. */
  readonly functions?: readonly number[];
  /** Number of their mix; 0 unless given. */
  readonly mix?: number;
  readonly schedules: number;
  readonly index?: IndexTrial | undefined;
}

/** What a race is held with. */
export interface RaceMeans {
  readonly stage: RaceStage;
  readonly instruments: Instruments;
  readonly clock: Clock;
  readonly limit: RaceLimit;
}

/** One race, open on its database: executes and judges schedules of its functions. */
export class Race {
  readonly stage: RaceStage;
  readonly options: RaceOptions;
  readonly parameters: RaceParameters;
  readonly limit: RaceLimit;
  readonly judge: RaceJudge;
  readonly #look: () => void;
  readonly #clock: Clock;
  /** Those of the code as it is, whose schedules are told of. */
  readonly #told: Rehearsal[] = [];

  constructor(
    { stage, instruments, clock, limit }: RaceMeans,
    options: RaceOptions,
    parameters: RaceParameters,
  ) {
    this.stage = stage;
    this.options = options;
    this.parameters = parameters;
    this.limit = limit;
    this.#look = () => {
      instruments.look();
    };
    this.#clock = clock;
    this.judge = new RaceJudge({
      stage,
      clock,
      options,
      parameters,
      stop: this.limit.stop,
      look: this.#look,
    });
  }

  /** Does what is to be done with executions of the code, and gives the application's connections back. */
  async rehearse<T>(change: Change, work: (rehearsal: Rehearsal) => Promise<T>): Promise<T> {
    const rehearsal = await this.#rehearsal(change);
    if (change.forgives !== true) this.#told.push(rehearsal);
    try {
      return await work(rehearsal);
    } finally {
      await rehearsal.close();
      if (change.index !== undefined) await dropIndex(change.index, this.stage);
    }
  }

  /** Searches the schedules of the code with something changed. */
  searchWith(
    experiment: Experiment,
    { functions, schedules, mix = 0, index }: ChangedSearch,
  ): Promise<Searched> {
    return this.rehearse({ experiment, mix, index, forgives: true }, (rehearsal) =>
      this.search(rehearsal, functions ?? rehearsal.all, schedules),
    );
  }

  /** Searches the schedules of some functions. @param schedules at most so many */
  search(rehearsal: Rehearsal, functions: readonly number[], schedules: number): Promise<Searched> {
    const { seed, strategy, preemptions } = this.parameters;
    return searchRace({
      stage: this.stage,
      rehearsal,
      plan: racePlan(seed, functions),
      strategy,
      preemptions,
      schedules,
      goesOn: () => this.goesOn(),
      judge: (rehearsed) => this.judge.judge(rehearsed),
    });
  }

  /** Runs functions one after another, from the state that the set-up makes, and answers what each has sent. */
  async inTurn(functions: readonly RaceFunction[]): Promise<readonly Alone["sent"][]> {
    const { stage, parameters } = this;
    const { setup } = this.options;
    const common = {
      stage,
      setup,
      seed: parameters.seed,
      clock: this.#clock,
      stop: this.limit.stop,
      look: this.#look,
    };
    const rehearsal = new Rehearsal({ ...common, functions }, asItIs(parameters.level));
    try {
      await rehearsal.setUp();
      const sent: Alone["sent"][] = [];
      for (const id of rehearsal.all) sent.push((await rehearsal.performAlone(id)).sent);
      return sent;
    } finally {
      await rehearsal.close();
    }
  }

  /** The levels at which transactions of the code as it is ran. */
  get levels(): RaceLevels {
    const all = this.#told.map(({ levels }) => levels);
    const among = (of: keyof RaceLevels): readonly IsolationLevel[] =>
      isolationLevels.filter((level) => all.some((levels) => levels[of].includes(level)));
    return { chosen: among("chosen"), others: among("others") };
  }

  /** Whether another schedule may be begun. @throws RaceMisuse where a function has drawn */
  goesOn(): boolean {
    this.parameters.refuseLateDraws();
    return !this.limit.stop.aborted;
  }

  /** Gives the application's connections back. */
  close(): Promise<void> {
    return this.judge.close();
  }

  async #rehearsal({ experiment, mix = 0, index, forgives = false }: Change): Promise<Rehearsal> {
    const serial = await this.judge.serialJudge(mix);
    const { setup } = this.options;
    const { stage, parameters } = this;
    return new Rehearsal(
      {
        stage,
        functions: parameters.functions(mix),
        setup: index === undefined ? setup : withIndex(setup, index, stage),
        forgives,
        seed: parameters.seed,
        clock: this.#clock,
        stop: this.limit.stop,
        look: this.#look,
        watch: parameters.anomalies.length > 0,
        ...(serial === undefined ? {} : { beforehand: () => serial.state() }),
      },
      experiment,
      mix,
    );
  }
}
