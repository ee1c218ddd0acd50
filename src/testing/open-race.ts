import type { Clock } from "../clock/clock.ts";
import { isolationLevels, type IsolationLevel } from "../history/header.ts";
import { ScheduleDivergence } from "../scheduler/schedule-divergence.ts";
import { unconfirmed } from "./confirm-race.ts";
import { diagnose, type IndexTrial } from "./diagnose.ts";
import { asItIs, type Experiment } from "./experiments/experiment.ts";
import type { Instruments } from "./instrument/install.ts";
import { brokenInvariant, namedInvariants } from "./invariants.ts";
import { deadlockFault } from "./race-deadlock.ts";
import { inTime, OutOfTime } from "./out-of-time.ts";
import type { RaceFault } from "./race-finding.ts";
import type { RaceOptions } from "./race-options.ts";
import type { RaceParameters } from "./race-parameters.ts";
import { racePlan } from "./race-plan.ts";
import { type Alone, type RaceLevels, Rehearsal, type Rehearsed } from "./race-rehearsal.ts";
import type { RaceFinding, RaceResult } from "./race-result.ts";
import { movesOf, searchRace, type Searched } from "./race-search.ts";
import type { RaceStage } from "./race-stage.ts";
import { decodeReplay, lostSchedule, whyLost } from "./replayed-moves.ts";
import { forbiddenAnomaly, provenByRows } from "./rows/race-rows.ts";
import { otherMix, type RunInTurn } from "./same-mix.ts";
import { nothingSearched, together } from "./searched-together.ts";
import { SerialJudge } from "./serial-judge.ts";
import type { SessionEnding } from "./session-ending.ts";
import { shrinkRace } from "./shrink-race.ts";
import { stopSignal } from "./stop-signal.ts";
import { searchDoubts, tellFault } from "./tell-race.ts";
import { turnsStrategy } from "./turns-strategy.ts";

/** Schedules of one mix of functions that is generated. */
const schedulesPerMix = 25;

/** Schedules that are tried with a remedy. */
const diagnosisSchedules = 100;

/** What is searched with something changed. */
export interface ChangedSearch {
  /** Numbers of those that take part; all unless given. */
  readonly functions?: readonly number[];
  /** Number of their mix; 0 unless given. */
  readonly mix?: number;
  readonly schedules: number;
  readonly index?: IndexTrial | undefined;
}

type Found = NonNullable<Searched["found"]>;

/** Where a schedule was found. */
interface Place {
  readonly mix: number;
  /** Schedules of the mixes before. */
  readonly before: number;
}

/** What the rows that were read and written prove of a finding. */
type Proven = Awaited<ReturnType<typeof provenByRows>>;

const nothingProven: Proven = { anomalies: [], witnesses: [], history: undefined };

/** A result without its text. */
export type Unreported = Omit<RaceResult, "report">;

/** What a race is held with. */
export interface RaceMeans {
  readonly stage: RaceStage;
  readonly instruments: Instruments;
  readonly clock: Clock;
}

/** One race, open on its database. */
export class Race {
  readonly stage: RaceStage;
  readonly parameters: RaceParameters;
  readonly #instruments: Instruments;
  readonly #options: RaceOptions;
  readonly #clock: Clock;
  readonly #stop: AbortSignal;
  readonly #deadline: number;
  /** By the number of the mix. */
  readonly #serialJudges = new Map<number, SerialJudge>();
  readonly #serialRehearsals: Rehearsal[] = [];
  /** Whose schedules are told of. */
  readonly #searched: Rehearsal[] = [];
  /** Why rows that the sessions used were not watched. */
  readonly #unwatched = new Set<string>();
  /** What a clean answer does not cover. */
  readonly #caveats = new Set<string>();

  constructor({ stage, instruments, clock }: RaceMeans, options: RaceOptions, parameters: RaceParameters) {
    const { timeLimitMs, signal } = options;
    this.stage = stage;
    this.#instruments = instruments;
    this.parameters = parameters;
    this.#options = options;
    this.#clock = clock;
    this.#stop = stopSignal(timeLimitMs, signal);
    this.#deadline = timeLimitMs === undefined ? Infinity : clock.nanos() + timeLimitMs * 1e6;
  }

  /** Searches, shrinks and diagnoses. */
  async result(): Promise<Unreported> {
    const { schedules, generated, replay } = this.parameters;
    if (replay !== undefined) return this.#replayed(replay);
    let all: Searched | undefined;
    for (let mix = 0; ; mix++) {
      const before = all;
      const outcome = await this.#mix(mix, before).catch((error: unknown) => {
        if (before === undefined || !(error instanceof OutOfTime)) throw error;
        return this.#answer(before, undefined);
      });
      if ("valid" in outcome) return outcome;
      all = outcome;
      if (!generated || all.executed >= schedules || !this.#goesOn()) return this.#answer(all, undefined);
    }
  }

  /**
   * Searches one mix.
   *
   * @param before what the mixes before came to
   * @returns the answer, where there is one already; else what all have come to
   */
  async #mix(mix: number, before: Searched | undefined): Promise<Unreported | Searched> {
    const { level, schedules, generated } = this.parameters;
    const executed = before?.executed ?? 0;
    const limit = Math.min(schedules - executed, generated ? schedulesPerMix : Infinity);
    const rehearsal = await this.#rehearsal(asItIs(level), mix);
    this.#searched.push(rehearsal);
    try {
      const unlike = generated ? await this.#unlikeMix(mix) : undefined;
      if (unlike !== undefined) return this.#answer(before ?? nothingSearched, undefined, unlike);
      const searched = await this.#search(rehearsal, rehearsal.all, limit);
      const all = before === undefined ? searched : together(before, searched);
      if (searched.found === undefined) return all;
      const finding = await this.#finding(rehearsal, { mix, before: executed }, searched.found);
      return typeof finding === "string" ? this.#answer(all, undefined, finding) : this.#answer(all, finding);
    } finally {
      await rehearsal.close();
    }
  }

  /** Searches the schedules of the code with something changed. */
  async searchWith(
    experiment: Experiment,
    { functions, schedules, mix = 0, index }: ChangedSearch,
  ): Promise<Searched> {
    const rehearsal = await this.#rehearsal(experiment, mix, { index, forgives: true });
    try {
      return await this.#search(rehearsal, functions ?? rehearsal.all, schedules);
    } finally {
      await rehearsal.close();
      if (index !== undefined) await this.stage.run(index.drop).catch(() => undefined);
    }
  }

  /** Gives the application's connections back. */
  async close(): Promise<void> {
    for (const rehearsal of this.#serialRehearsals) await rehearsal.close();
  }

  /** Judges by serial orders, unless that is not wanted. */
  async #serialJudge(mix: number): Promise<SerialJudge | undefined> {
    const { serializable = true, ignore = [], gaveUp, setup } = this.#options;
    const { stage, parameters } = this;
    const known = this.#serialJudges.get(mix);
    const { length } = parameters.functions(mix);
    if (known !== undefined) return known;
    if (!parameters.comparesOrders(length)) {
      if (serializable) this.#caveats.add(notCompared(length));
      return undefined;
    }
    const common = { stage, clock: this.#clock };
    const rehearsal = new Rehearsal(
      { ...common, functions: parameters.functions(mix), setup, seed: parameters.seed, stop: this.#stop },
      asItIs(parameters.level),
    );
    this.#serialRehearsals.unshift(rehearsal);
    const judge = new SerialJudge({ ...common, rehearsal, ignore, gaveUp });
    await judge.prepare();
    this.#serialJudges.set(mix, judge);
    return judge;
  }

  async #rehearsal(
    experiment: Experiment,
    mix: number,
    {
      index,
      forgives = false,
    }: { readonly index?: IndexTrial | undefined; readonly forgives?: boolean } = {},
  ): Promise<Rehearsal> {
    const judge = await this.#serialJudge(mix);
    const { setup } = this.#options;
    const { stage, parameters } = this;
    const withIndex: RaceOptions["setup"] = async (query) => {
      if (index !== undefined) await stage.run(index.drop).catch(() => undefined);
      if (typeof setup === "string") await stage.run(setup);
      else await setup?.(query);
      if (index !== undefined) await stage.run(index.create);
    };
    return new Rehearsal(
      {
        stage,
        functions: parameters.functions(mix),
        setup: withIndex,
        forgives,
        seed: parameters.seed,
        clock: this.#clock,
        stop: this.#stop,
        watch: parameters.anomalies.length > 0,
        ...(judge === undefined ? {} : { beforehand: () => judge.state() }),
      },
      experiment,
      mix,
    );
  }

  #search(rehearsal: Rehearsal, functions: readonly number[], schedules: number): Promise<Searched> {
    const { seed, strategy, preemptions } = this.parameters;
    return searchRace({
      stage: this.stage,
      rehearsal,
      plan: racePlan(seed, functions),
      strategy,
      preemptions,
      schedules,
      goesOn: () => this.#goesOn(),
      judge: (rehearsed) => this.#judge(rehearsed),
    });
  }

  /** Whether another schedule may be begun, with every driver instrumented that is there by now. */
  #goesOn(): boolean {
    this.#instruments.look();
    return !this.#stop.aborted && this.#clock.nanos() <= this.#deadline;
  }

  /** What a schedule shows. */
  async #judge(rehearsed: Rehearsed): Promise<RaceFault | undefined> {
    const { execution, functions, mix, setup, rows } = rehearsed;
    for (const why of rows?.leftOut ?? []) this.#unwatched.add(why);
    const endings: SessionEnding[] = [];
    for (const [session, ending] of execution.endings.entries()) {
      const id = functions[session];
      if (ending === undefined || id === undefined) return undefined;
      endings[id] =
        ending.type === "returned"
          ? { type: "returned", value: ending.value }
          : { type: "threw", error: ending.error };
    }
    const judge = this.#serialJudges.get(mix);
    const state = await judge?.state();
    const broken = await brokenInvariant(namedInvariants(this.#options.invariant), this.stage.query, endings);
    const fault = broken ?? forbiddenAnomaly(rows, this.parameters.anomalies);
    if (fault !== undefined || state === undefined) return fault;
    return judge?.judge(rehearsed, state, setup);
  }

  /** Why a mix is not the same when it is drawn again; undefined where it is. */
  async #unlikeMix(mix: number): Promise<string | undefined> {
    const { stage, parameters } = this;
    const { setup } = this.#options;
    const common = { stage, setup, seed: parameters.seed, clock: this.#clock, stop: this.#stop };
    // An invariant may be given for functions that do not come to an end alone.
    const { comparesOrders } = parameters;
    const [drawn, again] = [parameters.functions(mix), parameters.drawnAgain(mix)];
    const run: RunInTurn = async (functions) => {
      const rehearsal = new Rehearsal({ ...common, functions }, asItIs(parameters.level));
      try {
        await rehearsal.setUp();
        const sent: Alone["sent"][] = [];
        for (const id of rehearsal.all) sent.push((await rehearsal.performAlone(id)).sent);
        return sent;
      } finally {
        await rehearsal.close();
      }
    };
    return otherMix(drawn, again, comparesOrders(drawn.length) ? run : undefined);
  }

  /** @returns a sentence where the finding proves nothing */
  async #finding(rehearsal: Rehearsal, { mix, before }: Place, found: Found): Promise<RaceFinding | string> {
    const { fault, schedule } = found;
    // It is no longer than it must be, and to wait for its end again and again takes long.
    if (fault.kind === "deadlock")
      return {
        ...tellFault(fault, found.rehearsed, this.parameters.functions(mix), before + schedule),
        ...nothingProven,
        diagnosis: undefined,
      };
    const smallest = this.#options.shrink === false ? found : await this.#smallest(rehearsal, found);
    const { rehearsed } = smallest;
    const doubt = await unconfirmed({
      rehearsal,
      shown: smallest,
      seed: this.parameters.seed,
      judge: (again) => this.#judge(again),
      goesOn: () => this.#goesOn(),
    });
    if (doubt !== undefined) return doubt;
    const proven = await this.#provenByRows(rehearsal, rehearsed);
    const diagnosis =
      this.#options.diagnose === false
        ? undefined
        : await diagnose({
            fault,
            shown: rehearsed,
            experiment: rehearsal.experiment,
            isOwn: this.stage.isOwn,
            dialect: this.stage.dialect,
            search: (experiment, index) =>
              this.searchWith(experiment, {
                functions: rehearsed.functions,
                mix,
                schedules: diagnosisSchedules,
                index,
              }),
            goesOn: () => this.#goesOn(),
          });
    const told = tellFault(smallest.fault, rehearsed, this.parameters.functions(mix), before + schedule);
    return { ...told, ...proven, diagnosis };
  }

  #provenByRows(rehearsal: Rehearsal, rehearsed: Rehearsed): Promise<Proven> {
    return provenByRows(rehearsal, racePlan(this.parameters.seed, rehearsed.functions), rehearsed);
  }

  #smallest(rehearsal: Rehearsal, found: Found): ReturnType<typeof shrinkRace> {
    return shrinkRace({
      rehearsal,
      found,
      invariant: this.#options.invariant,
      seed: this.parameters.seed,
      judge: (rehearsed) => inTime(this.#judge(rehearsed)),
      stop: this.#stop,
    });
  }

  /** Executes the one schedule that a text names. */
  async #replayed(token: string): Promise<Unreported> {
    const { mix, functions, moves } = decodeReplay(
      token,
      (number) => this.parameters.functions(number).length,
    );
    const rehearsal = await this.#rehearsal(asItIs(this.parameters.level), mix);
    this.#searched.push(rehearsal);
    const strategy = turnsStrategy(moves);
    try {
      const rehearsed = await rehearsal.perform(racePlan(this.parameters.seed, functions), strategy, 0);
      const steps = movesOf(rehearsed.performed).length;
      if (rehearsed.performed.interrupted) return this.#answer(nothingSearched, undefined);
      if (rehearsed.performed.stuck === undefined && steps < moves.length)
        throw lostSchedule(
          token,
          `the functions had come to their end after ${steps} of its ${moves.length} steps`,
        );
      const { stuck } = rehearsed.performed;
      const { deadlock } = rehearsed.execution;
      const fault = stuck === undefined ? await this.#judge(rehearsed) : deadlock && deadlockFault(deadlock);
      const finding =
        fault === undefined
          ? undefined
          : {
              ...tellFault(fault, rehearsed, this.parameters.functions(mix), 0),
              ...(stuck === undefined ? await this.#provenByRows(rehearsal, rehearsed) : nothingProven),
              diagnosis: undefined,
            };
      const doubts = [...(stuck === undefined ? [] : [stuck]), ...this.#serialDoubts()];
      const notes = [`One schedule was executed, ${token}.`];
      return this.#reported({ schedules: 1, distinct: 1, complete: undefined }, finding, doubts, notes);
    } catch (error) {
      if (!(error instanceof ScheduleDivergence)) throw error;
      throw lostSchedule(
        token,
        whyLost(error, (session) => rehearsal.nameOf(functions[session] ?? session)),
      );
    } finally {
      await rehearsal.close();
    }
  }

  /** @param doubt why it proves nothing, beside what the search itself tells */
  #answer(searched: Searched, finding: RaceFinding | undefined, doubt?: string): Unreported {
    const { executed: schedules, distinct, complete } = searched;
    const doubts =
      doubt === undefined
        ? [...searchDoubts(searched), ...this.#serialDoubts(), ...this.#unwatched]
        : [doubt];
    return this.#reported({ schedules, distinct, complete }, finding, doubts, []);
  }

  #levels(): RaceLevels {
    const all = this.#searched.map(({ levels }) => levels);
    const among = (of: keyof RaceLevels): readonly IsolationLevel[] =>
      isolationLevels.filter((level) => all.some((levels) => levels[of].includes(level)));
    return { chosen: among("chosen"), others: among("others") };
  }

  /** Why serial orders could not be compared with. */
  #serialDoubts(): readonly string[] {
    return [...new Set([...this.#serialJudges.values()].flatMap(({ doubts }) => [...doubts]))].slice(0, 3);
  }

  /** @param doubts why it proves nothing @param notes what is to be known besides */
  #reported(
    how: Pick<RaceResult, "schedules" | "distinct" | "complete">,
    finding: RaceFinding | undefined,
    doubts: readonly string[],
    notes: readonly string[],
  ): Unreported {
    const { kind, version } = this.stage.database;
    return {
      valid: finding !== undefined ? false : doubts.length === 0 ? true : ("unknown" as const),
      notes: finding === undefined ? [...doubts, ...notes, ...this.#caveats] : notes,
      database: { kind, version },
      isolation: this.parameters.level,
      levels: this.#levels(),
      seed: this.parameters.seed,
      ...how,
      timedOut: this.#clock.nanos() > this.#deadline,
      finding,
    };
  }
}

function notCompared(sessions: number): string {
  return `${sessions} sessions have too many serial orders to compare with them: what holds is what the invariants and anomalies say, and no more.`;
}
