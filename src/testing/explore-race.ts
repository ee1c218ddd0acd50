import type { Clock } from "../clock/clock.ts";
import { realClock } from "../clock/real-clock.ts";
import { sizes } from "../runner/shrink.ts";
import { shrink } from "../runner/shrink.ts";
import { movesStrategy } from "../scheduler/moves-strategy.ts";
import { ScheduleDivergence } from "../scheduler/schedule-divergence.ts";
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
import { movesOf, searchRace, type Searched } from "./race-search.ts";
import { openRaceStage, type RaceStage } from "./race-stage.ts";
import { raceTarget, type RaceDatabase } from "./race-target.ts";
import { decodeRaceMoves, encodeRaceMoves } from "./race-token.ts";
import type { SessionEnding } from "./session-ending.ts";

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
  const parameters = raceParameters(options, process.env);
  return aloneInProcess(() => inRace(database, options, parameters, (race) => race.result()));
}

/** Opens a race on a database, with the drivers instrumented, and closes it whatever happens. */
export async function inRace<T, S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
  parameters: RaceParameters,
  work: (race: Race) => Promise<T>,
): Promise<T> {
  const { target, pool } = raceTarget(database);
  const clock = realClock();
  const stage = await openRaceStage(target, clock);
  const uninstall = installInstruments(pool);
  try {
    return await work(new Race(stage, options as unknown as RaceOptions, parameters, clock));
  } finally {
    uninstall();
    await stage.close();
  }
}

/** One race, open on its database. */
export class Race {
  readonly stage: RaceStage;
  readonly parameters: RaceParameters;
  readonly #options: RaceOptions;
  readonly #clock: Clock;
  readonly #stop: AbortSignal;
  readonly #deadline: number;

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
  async result(): Promise<RaceResult> {
    const { functions, level, schedules, replay } = this.parameters;
    const all = functions.map((_, id) => id);
    const rehearsal = this.#rehearsal(asItIs(level));
    try {
      if (replay !== undefined) return await this.#replayed(rehearsal, replay);
      const searched = await this.#search(rehearsal, all, schedules);
      const finding =
        searched.found === undefined ? undefined : await this.#finding(rehearsal, searched.found);
      return this.#answer(searched, finding);
    } finally {
      await rehearsal.close();
    }
  }

  /** Searches the schedules of the code with something changed. */
  async searchWith(
    experiment: Experiment,
    functions: readonly number[],
    index?: IndexTrial,
  ): Promise<Searched> {
    const rehearsal = this.#rehearsal(experiment, index);
    try {
      return await this.#search(rehearsal, functions, diagnosisSchedules);
    } finally {
      await rehearsal.close();
      if (index !== undefined) await this.stage.run(index.drop).catch(() => undefined);
    }
  }

  #rehearsal(experiment: Experiment, index?: IndexTrial): Rehearsal {
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
        functions: parameters.functions,
        setup: withIndex,
        seed: parameters.seed,
        clock: this.#clock,
        stop: this.#stop,
      },
      experiment,
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
  async #judge({ execution, functions }: Rehearsed): Promise<RaceFault | undefined> {
    const endings: SessionEnding[] = [];
    for (const [session, ending] of execution.endings.entries()) {
      const id = functions[session];
      if (ending === undefined || id === undefined) return undefined;
      endings[id] = ending.type === "returned" ? ending : { type: "threw", error: ending.error };
    }
    return brokenInvariant(namedInvariants(this.#options.invariant), this.stage.query, endings);
  }

  async #finding(rehearsal: Rehearsal, found: NonNullable<Searched["found"]>): Promise<RaceFinding> {
    const { fault, schedule } = found;
    const smallest = this.#options.shrink === false ? found : await this.#smallest(rehearsal, found);
    const { rehearsed } = smallest;
    const plan = racePlan(this.parameters.seed, rehearsed.functions);
    const { switches } = sizes(plan, rehearsed.performed.schedule);
    const diagnosis =
      this.#options.diagnose === false
        ? undefined
        : await diagnose({
            fault,
            shown: rehearsed,
            switches,
            experiment: rehearsal.experiment,
            isOwn: this.stage.isOwn,
            dialect: this.stage.dialect,
            search: (experiment, index) => this.searchWith(experiment, rehearsed.functions, index),
            goesOn: () => this.#goesOn(),
          });
    return { ...this.#told(smallest.fault, rehearsed, schedule), diagnosis };
  }

  /** The smallest execution that shows the same. */
  async #smallest(
    rehearsal: Rehearsal,
    found: NonNullable<Searched["found"]>,
  ): Promise<Pick<NonNullable<Searched["found"]>, "fault" | "rehearsed">> {
    const { rehearsed, fault } = found;
    const seen = new Map<unknown, { readonly fault: RaceFault; readonly rehearsed: Rehearsed }>();
    seen.set(rehearsed.performed, found);
    const { performed } = await shrink({
      found: { plan: racePlan(this.parameters.seed, rehearsed.functions), performed: rehearsed.performed },
      stop: this.#limit(),
      rehearse: async (plan, strategy) => {
        // An invariant that looks at how sessions ended needs all of them.
        const kept = plan.sessions.length;
        if (kept < rehearsed.functions.length && this.#looksAtEndings()) return undefined;
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
    const leftMs = Math.max(1, (this.#deadline - this.#clock.nanos()) / 1e6);
    return AbortSignal.any([this.#stop, AbortSignal.timeout(leftMs)]);
  }

  #looksAtEndings(): boolean {
    return namedInvariants(this.#options.invariant).some(({ check }) => check.length > 1);
  }

  /** Executes the one schedule that a text names. */
  async #replayed(rehearsal: Rehearsal, token: string): Promise<RaceResult> {
    const { functions, moves } = decodeReplay(token, this.parameters.functions.length);
    const plan = racePlan(this.parameters.seed, functions);
    const strategy = movesStrategy(moves.map((session) => ({ kind: "grant", session })));
    try {
      const rehearsed = await rehearsal.perform(plan, strategy, 0);
      const fault = await this.#judge(rehearsed);
      const notes = rehearsed.performed.stuck === undefined ? [] : [rehearsed.performed.stuck];
      const finding =
        fault === undefined ? undefined : { ...this.#told(fault, rehearsed, 0), diagnosis: undefined };
      return this.#reported({ schedules: 1, distinct: 1, complete: undefined }, finding, [
        ...notes,
        `One schedule was executed, ${token}.`,
      ]);
    } catch (error) {
      if (!(error instanceof ScheduleDivergence)) throw error;
      throw new RaceMisuse(
        `The schedule ${token} cannot be had any more: ${error.message}. The code, the set-up or the server has changed.`,
      );
    }
  }

  #told(fault: RaceFault, rehearsed: Rehearsed, schedule: number): Omit<RaceFinding, "diagnosis"> {
    const { performed, functions } = rehearsed;
    const names = functions.map((id) => this.parameters.functions[id]?.name ?? `session ${id}`);
    const { statements, switches } = sizes(racePlan(this.parameters.seed, functions), performed.schedule);
    return {
      kind: fault.kind,
      name: fault.name,
      message: fault.message,
      error: fault.error,
      schedule,
      replay: encodeRaceMoves({ functions, moves: movesOf(performed) }),
      sessions: names,
      statements,
      switches,
      interleaving: lockStep(performed.trace, names),
    };
  }

  #answer(searched: Searched, finding: RaceFinding | undefined): RaceResult {
    const { executed: schedules, distinct, complete } = searched;
    const notes = finding === undefined ? this.#doubts(searched) : [];
    return this.#reported({ schedules, distinct, complete }, finding, notes);
  }

  /** Why nothing is proven. */
  #doubts({ controlled, progressed, firstError, executed, stuck }: Searched): string[] {
    if (executed === 0) return ["No schedule was executed: there was no time."];
    if (!controlled)
      return [
        "No statement of the sessions came by: their driver is neither pg nor mysql2, or it sends its statements outside of the function's own async calls.",
      ];
    if (!progressed)
      return [`No session ever came to its end. The first error: ${describeError(firstError)}`];
    return stuck === undefined ? [] : [`A schedule was not carried out to its end: ${stuck}`];
  }

  #reported(
    how: Pick<RaceResult, "schedules" | "distinct" | "complete">,
    finding: RaceFinding | undefined,
    notes: readonly string[],
  ): RaceResult {
    const proves = notes.length === 0 || this.parameters.replay !== undefined;
    const { kind, version } = this.stage.database;
    const result = {
      valid: finding !== undefined ? false : proves ? true : ("unknown" as const),
      notes,
      database: { kind, version },
      isolation: this.parameters.level,
      seed: this.parameters.seed,
      ...how,
      finding,
    };
    return { ...result, report: raceReport(result) };
  }
}

function decodeReplay(token: string, count: number): ReturnType<typeof decodeRaceMoves> {
  try {
    return decodeRaceMoves(token, count);
  } catch (error) {
    throw new RaceMisuse((error as Error).message);
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
