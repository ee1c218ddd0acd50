import type { Clock } from "../clock/clock.ts";
import { realClock } from "../clock/real-clock.ts";
import { sizes } from "../runner/shrink.ts";
import { shrink } from "../runner/shrink.ts";
import { guidedStrategy } from "../scheduler/guided-strategy.ts";
import { movesStrategy } from "../scheduler/moves-strategy.ts";
import { ScheduleDivergence } from "../scheduler/schedule-divergence.ts";
import { endingText } from "./ending-text.ts";
import { diagnose, type IndexTrial } from "./diagnose.ts";
import { asItIs, type Experiment } from "./experiments/experiment.ts";
import { installInstruments } from "./instrument/install.ts";
import { brokenInvariant, namedInvariants } from "./invariants.ts";
import { lockStep } from "./lock-step.ts";
import { sameFault, type RaceFault } from "./race-finding.ts";
import { RaceMisuse } from "./race-misuse.ts";
import { aloneInProcess } from "./race-mutex.ts";
import type { RaceOptions, SessionFunction } from "./race-options.ts";
import { raceParameters, type RaceParameters } from "./race-parameters.ts";
import { racePlan } from "./race-plan.ts";
import { Rehearsal, type Rehearsed } from "./race-rehearsal.ts";
import { raceReport } from "./race-report.ts";
import type { RaceFinding, RaceResult } from "./race-result.ts";
import { isSerial, movesOf, searchRace, type Searched } from "./race-search.ts";
import { openRaceStage, type RaceStage } from "./race-stage.ts";
import { raceTarget, type RaceDatabase } from "./race-target.ts";
import { decodeRaceMoves, encodeRaceMoves } from "./race-token.ts";
import { SerialJudge } from "./serial-judge.ts";
import { SerialSubsets } from "./serial-subsets.ts";
import { forbiddenAnomaly, provenByRows } from "./rows/race-rows.ts";
import type { SessionEnding } from "./session-ending.ts";

/** Schedules of one mix of functions that is generated. */
const schedulesPerMix = 25;

/** Schedules that are tried with a remedy. */
const diagnosisSchedules = 100;

/**
 * Runs functions of an application as concurrent sessions, in one order of their statements after another, and answers
 * what came of it. The code is not changed and knows nothing of it: while it runs, `pg` and `mysql2` let each of its
 * statements wait for its turn, whichever pool, client or ORM sends it.
 *
 * @param database its URL, or a pool of `pg` or `mysql2`; never one whose data you need: the set-up is run before each schedule
 * @throws RaceMisuse, EnvironmentError with one sentence that says what to do
 */
export async function explore<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<RaceResult> {
  return exploreIn(database, options, {});
}

/** What the test runner knows of the test in which a race is held. */
export interface RaceSurroundings {
  /** The command that runs this test alone, if the runner tells. */
  readonly command?: string | undefined;
}

/** {@link explore}, in surroundings that are known. */
export async function exploreIn<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
  surroundings: RaceSurroundings,
): Promise<RaceResult> {
  return inRace(database, options, async (race) => {
    const result = await race.result();
    return { ...result, report: raceReport(result, surroundings.command) };
  });
}

/** Opens a race on a database, with the drivers instrumented, when no other one is open, and closes it whatever happens. */
export function inRace<T, S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
  work: (race: Race) => Promise<T>,
): Promise<T> {
  return aloneInProcess(async () => {
    const parameters = raceParameters(options, process.env);
    const { target, pool } = raceTarget(database);
    const clock = realClock();
    const stage = await openRaceStage(target, clock);
    const uninstall = installInstruments(pool);
    try {
      const race = new Race(stage, options as unknown as RaceOptions, parameters, clock);
      return await work(race).finally(() => race.close());
    } finally {
      uninstall();
      await stage.close();
    }
  });
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

type Found = NonNullable<Searched["found"]>;

/** Where a schedule was found. */
interface Place {
  readonly mix: number;
  /** Schedules of the mixes before. */
  readonly before: number;
}

/** Two searches as one. */
function together(one: Searched, other: Searched): Searched {
  return {
    executed: one.executed + other.executed,
    distinct: one.distinct + other.distinct,
    complete: undefined,
    found: other.found,
    // A mix in which nobody comes to an end proves nothing; one among others does no harm.
    neverEnded: one.neverEnded.length === 0 ? one.neverEnded : other.neverEnded,
    controlled: one.controlled || other.controlled,
    stuck: other.stuck ?? one.stuck,
  };
}

/** What the rows that were read and written prove of a finding. */
type Proven = Awaited<ReturnType<typeof provenByRows>>;

/** A result without its text. */
type Unreported = Omit<RaceResult, "report">;

/** One race, open on its database. */
export class Race {
  readonly stage: RaceStage;
  readonly parameters: RaceParameters;
  readonly #options: RaceOptions;
  readonly #clock: Clock;
  readonly #stop: AbortSignal;
  readonly #deadline: number;
  /** By the number of the mix. */
  readonly #serialJudges = new Map<number, SerialJudge>();
  readonly #serialRehearsals: Rehearsal[] = [];
  /** Why rows that the sessions used were not watched. */
  readonly #unwatched = new Set<string>();

  constructor(stage: RaceStage, options: RaceOptions, parameters: RaceParameters, clock: Clock) {
    const { timeLimitMs, signal } = options;
    this.stage = stage;
    this.parameters = parameters;
    this.#options = options;
    this.#clock = clock;
    this.#stop = signal ?? new AbortController().signal;
    this.#deadline = timeLimitMs === undefined ? Infinity : clock.nanos() + timeLimitMs * 1e6;
  }

  /** Searches, shrinks and diagnoses. */
  async result(): Promise<Unreported> {
    const { level, schedules, generated, replay } = this.parameters;
    if (replay !== undefined) return this.#replayed(replay);
    let all: Searched | undefined;
    for (let mix = 0; ; mix++) {
      const before = all?.executed ?? 0;
      const limit = Math.min(schedules - before, generated ? schedulesPerMix : Infinity);
      const rehearsal = await this.#rehearsal(asItIs(level), mix);
      try {
        const searched = await this.#search(rehearsal, rehearsal.all, limit);
        all = all === undefined ? searched : together(all, searched);
        if (searched.found !== undefined)
          return this.#answer(all, await this.#finding(rehearsal, { mix, before }, searched.found));
      } finally {
        await rehearsal.close();
      }
      if (!generated || all.executed >= schedules || !this.#goesOn()) return this.#answer(all, undefined);
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
    const { serializable = true, ignore = [], setup } = this.#options;
    const known = this.#serialJudges.get(mix);
    if (known !== undefined || !serializable) return known;
    const { stage, parameters } = this;
    const common = { stage, clock: this.#clock };
    const rehearsal = new Rehearsal(
      { ...common, functions: parameters.functions(mix), setup, seed: parameters.seed, stop: this.#stop },
      asItIs(parameters.level),
    );
    this.#serialRehearsals.unshift(rehearsal);
    const judge = new SerialJudge({ ...common, rehearsal, ignore });
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

  #goesOn(): boolean {
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
      endings[id] = ending.type === "returned" ? ending : { type: "threw", error: ending.error };
    }
    const judge = this.#serialJudges.get(mix);
    const state = await judge?.state();
    const broken = await brokenInvariant(namedInvariants(this.#options.invariant), this.stage.query, endings);
    const fault = broken ?? forbiddenAnomaly(rows, this.parameters.anomalies);
    if (fault !== undefined || state === undefined) return fault;
    return judge?.judge(rehearsed, state, setup);
  }

  async #finding(rehearsal: Rehearsal, { mix, before }: Place, found: Found): Promise<RaceFinding> {
    const { fault, schedule } = found;
    const smallest = this.#options.shrink === false ? found : await this.#smallest(rehearsal, found);
    const { rehearsed } = smallest;
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
    const told = this.#told(smallest.fault, rehearsed, { mix, schedule: before + schedule });
    return { ...told, ...proven, diagnosis };
  }

  #provenByRows(rehearsal: Rehearsal, rehearsed: Rehearsed): Promise<Proven> {
    return provenByRows(rehearsal, racePlan(this.parameters.seed, rehearsed.functions), rehearsed);
  }

  /** The smallest execution that shows the same. */
  async #smallest(rehearsal: Rehearsal, found: Found): Promise<Pick<Found, "fault" | "rehearsed">> {
    const { rehearsed, fault } = found;
    const seen = new Map<unknown, { readonly fault: RaceFault; readonly rehearsed: Rehearsed }>();
    seen.set(rehearsed.performed, found);
    const subsets = new SerialSubsets(async (plan) => {
      const serial = await rehearsal.perform(plan, guidedStrategy([]), found.schedule);
      return serial.performed.stuck === undefined && (await this.#judge(serial)) === undefined;
    });
    const all = racePlan(this.parameters.seed, rehearsed.functions);
    // Serial orders are compared with those of the same functions; an invariant may speak of all of them.
    const speaksOfAll = fault.kind === "invariant" && !isSerial(rehearsed.performed);
    const { performed } = await shrink({
      found: { plan: all, performed: rehearsed.performed },
      stop: this.#limit(),
      rehearse: async (plan, strategy) => {
        // An invariant that looks at how sessions ended needs all of them.
        const kept = plan.sessions.length;
        if (kept < all.sessions.length && this.#looksAtEndings()) return undefined;
        if (kept < all.sessions.length && speaksOfAll && !(await subsets.holds(plan))) return undefined;
        const again = await rehearsal.perform(plan, strategy, found.schedule);
        if (again.performed.interrupted || again.performed.stuck !== undefined) return undefined;
        const shown = await this.#judge(again);
        if (shown === undefined || !sameFault(shown, fault)) return undefined;
        seen.set(again.performed, { fault: shown, rehearsed: again });
        return again.performed;
      },
      progress: () => undefined,
    });
    return seen.get(performed) ?? found;
  }

  /** Aborted when no more time may be spent. */
  #limit(): AbortSignal {
    if (this.#deadline === Infinity) return this.#stop;
    const leftMs = Math.max(1, Math.ceil((this.#deadline - this.#clock.nanos()) / 1e6));
    return AbortSignal.any([this.#stop, AbortSignal.timeout(leftMs)]);
  }

  #looksAtEndings(): boolean {
    return namedInvariants(this.#options.invariant).some(({ check }) => check.length > 1);
  }

  /** Executes the one schedule that a text names. */
  async #replayed(token: string): Promise<Unreported> {
    const { mix, functions, moves } = decodeReplay(
      token,
      (number) => this.parameters.functions(number).length,
    );
    const rehearsal = await this.#rehearsal(asItIs(this.parameters.level), mix);
    const strategy = movesStrategy(moves.map((session) => ({ kind: "grant", session })));
    try {
      const rehearsed = await rehearsal.perform(racePlan(this.parameters.seed, functions), strategy, 0);
      const steps = movesOf(rehearsed.performed).length;
      if (rehearsed.performed.stuck === undefined && steps < moves.length)
        throw lostSchedule(token, `the sessions came to their end after ${steps} of ${moves.length} steps.`);
      const fault = await this.#judge(rehearsed);
      const finding =
        fault === undefined
          ? undefined
          : {
              ...this.#told(fault, rehearsed, { mix, schedule: 0 }),
              ...(await this.#provenByRows(rehearsal, rehearsed)),
              diagnosis: undefined,
            };
      const { stuck } = rehearsed.performed;
      const notes = [...(stuck === undefined ? [] : [stuck]), `One schedule was executed, ${token}.`];
      return this.#reported({ schedules: 1, distinct: 1, complete: undefined }, finding, notes);
    } catch (error) {
      if (!(error instanceof ScheduleDivergence)) throw error;
      throw lostSchedule(token, `${error.message}.`);
    } finally {
      await rehearsal.close();
    }
  }

  #told(
    fault: RaceFault,
    { performed, functions, execution }: Rehearsed,
    { mix, schedule }: { readonly mix: number; readonly schedule: number },
  ): Omit<RaceFinding, "diagnosis" | keyof Proven> {
    const known = this.parameters.functions(mix);
    const names = functions.map((id) => known[id]?.name ?? `session ${id}`);
    const { statements, switches } = sizes(racePlan(this.parameters.seed, functions), performed.schedule);
    return {
      kind: fault.kind,
      name: fault.name,
      message: fault.message,
      error: fault.error,
      schedule,
      replay: encodeRaceMoves({ mix, functions, moves: movesOf(performed) }),
      sessions: names,
      endings: execution.endings.map((ending, i) => endingText(names[i] ?? `session ${i}`, ending)),
      statements,
      switches,
      interleaving: lockStep(performed.trace, names),
    };
  }

  #answer(searched: Searched, finding: RaceFinding | undefined): Unreported {
    const { executed: schedules, distinct, complete } = searched;
    const notes =
      finding === undefined ? [...this.#doubts(searched), ...this.#serialDoubts(), ...this.#unwatched] : [];
    return this.#reported({ schedules, distinct, complete }, finding, notes);
  }

  /** Why nothing is proven. */
  #doubts({ controlled, neverEnded, executed, stuck }: Searched): string[] {
    if (executed === 0) return ["No schedule was executed: there was no time."];
    if (!controlled)
      return [
        "No statement of the sessions came by: their driver is neither pg nor mysql2, or it sends its statements outside of the function's own async calls.",
      ];
    if (neverEnded.length > 0)
      return neverEnded.map(
        ({ name, error }) => `${name} never came to its end. Its first error: ${describeError(error)}`,
      );
    return stuck === undefined ? [] : [`A schedule was not carried out to its end: ${stuck}`];
  }

  /** Why serial orders could not be compared with. */
  #serialDoubts(): readonly string[] {
    return [...new Set([...this.#serialJudges.values()].flatMap(({ doubts }) => [...doubts]))].slice(0, 3);
  }

  #reported(
    how: Pick<RaceResult, "schedules" | "distinct" | "complete">,
    finding: RaceFinding | undefined,
    notes: readonly string[],
  ): Unreported {
    const proves = notes.length === 0 || this.parameters.replay !== undefined;
    const { kind, version } = this.stage.database;
    return {
      valid: finding !== undefined ? false : proves ? true : ("unknown" as const),
      notes,
      database: { kind, version },
      isolation: this.parameters.level,
      seed: this.parameters.seed,
      ...how,
      timedOut: this.#clock.nanos() > this.#deadline,
      finding,
    };
  }
}

function decodeReplay(token: string, count: (mix: number) => number): ReturnType<typeof decodeRaceMoves> {
  try {
    return decodeRaceMoves(token, count);
  } catch (error) {
    throw new RaceMisuse((error as Error).message);
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function lostSchedule(token: string, why: string): RaceMisuse {
  return new RaceMisuse(
    `The schedule ${token} cannot be had any more: ${why} The code, the set-up or the server has changed.`,
  );
}
