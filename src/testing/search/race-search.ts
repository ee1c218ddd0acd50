import type { IsolationLevel } from "../../history/header.ts";
import type { Plan } from "../../generators/plan.ts";
import { StuckError } from "../../runner/interleaved/settle.ts";
import type { Performed } from "../../runner/interleaved/stage.ts";
import { exhaustiveStrategy } from "../../scheduler/exhaustive-strategy.ts";
import { guidedStrategy } from "../../scheduler/guided-strategy.ts";
import { granted } from "../../scheduler/move.ts";
import { pctStrategy } from "../../scheduler/pct-strategy.ts";
import { randomStrategy } from "../../scheduler/random-strategy.ts";
import { ScheduleDivergence } from "../../scheduler/schedule-divergence.ts";
import type { Strategy } from "../../scheduler/strategy.ts";
import { sentBy } from "./conduct.ts";
import { OutOfTime, type UnderWay } from "../out-of-time.ts";
import { deadlockFault } from "../execution/race-deadlock.ts";
import type { RaceFault } from "../race-finding.ts";
import type { RaceStrategy } from "../race-options.ts";
import type { RaceStage } from "../race-stage.ts";
import type { Rehearsal, Rehearsed } from "../execution/race-rehearsal.ts";

/** How far schedules are tried. */
export interface SearchOptions {
  readonly stage: RaceStage;
  readonly rehearsal: Rehearsal;
  readonly plan: Plan;
  readonly strategy: RaceStrategy;
  readonly preemptions: number | undefined;
  readonly schedules: number;
  /** Whether another schedule may be begun. */
  readonly goesOn: () => boolean;
  /** What a schedule shows; undefined when it shows nothing. */
  readonly judge: (rehearsed: Rehearsed) => Promise<RaceFault | undefined>;
}

/** What a search came to. */
export interface Searched {
  readonly executed: number;
  readonly distinct: number;
  /** Every schedule was executed or left out as equivalent; undefined where that is not counted. */
  readonly complete: boolean | undefined;
  readonly found:
    { readonly fault: RaceFault; readonly rehearsed: Rehearsed; readonly schedule: number } | undefined;
  /** Functions that never came to their end, and the first error of each. */
  readonly neverEnded: readonly { readonly name: string; readonly error: unknown }[];
  /** Some session had a turn. */
  readonly controlled: boolean;
  /** Names of functions that waited for something, though no statement of theirs ever came by. */
  readonly unseen: readonly string[];
  /** The first statement over the sessions' connections that no session has sent, if there was one. */
  readonly stray: string | undefined;
  /** Why what was executed are not all schedules, though no other is left. */
  readonly gaps: readonly string[];
  /** Why a schedule was not carried out to its end, of the last for which that holds. */
  readonly stuck: string | undefined;
  /** Who was under way when the time was over, in a schedule that was broken off. */
  readonly underWay: UnderWay | undefined;
}

/** Schedules that `auto` draws before it tries all. */
const drawnFirst = 30;

/** Statements of a function, as a first guess: for the first schedule of `pct`. */
const pointsPerFunction = 4;

/**
 * Executes schedule after schedule until one shows something, or there are no more. The first one is serial: what it
 * shows needs no concurrency.
 */
export async function searchRace(options: SearchOptions): Promise<Searched> {
  return new Search(options).run();
}

class Search {
  readonly #options: SearchOptions;
  readonly #orders = new Set<string>();
  #executed = 0;
  readonly #returned = new Set<number>();
  readonly #errors = new Map<number, unknown>();
  #controlled = false;
  readonly #seen = new Set<number>();
  readonly #tookTime = new Set<number>();
  #stray: string | undefined;
  readonly #gaps = new Set<string>();
  #stuck: string | undefined;
  #underWay: UnderWay | undefined;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  async run(): Promise<Searched> {
    const { strategy, schedules } = this.#options;
    const serial = await this.#follow(guidedStrategy([]), 1);
    if (serial.found !== undefined || strategy === "exhaustive") {
      if (serial.found !== undefined) return this.#result(serial.found, undefined);
      return this.#exhaust();
    }
    if (strategy !== "auto") {
      const drawn = await this.#follow(this.#drawing(strategy), schedules);
      return this.#result(drawn.found, undefined);
    }
    const drawn = await this.#follow(this.#drawing("random"), Math.min(schedules, drawnFirst));
    if (drawn.found !== undefined) return this.#result(drawn.found, undefined);
    return this.#exhaust();
  }

  async #exhaust(): Promise<Searched> {
    const { schedules, preemptions, rehearsal } = this.#options;
    const strategy = exhaustiveStrategy({
      isolation: this.#level(),
      database: this.#options.stage.database.kind,
      oneWaiter: this.#options.stage.watcher.order === "one-waiter",
      preemptions,
      prune: !rehearsal.choosesLevel,
    });
    const { found, more } = await this.#follow(strategy, schedules);
    const sound = strategy.pruning ? !rehearsal.choosesLevel : true;
    return this.#result(found, !more && sound && this.#stuck === undefined && this.#gaps.size === 0);
  }

  /** The level that transactions have which do not choose their own. */
  #level(): IsolationLevel {
    const { rehearsal, stage } = this.#options;
    if (rehearsal.experiment.level !== undefined) return rehearsal.experiment.level;
    return stage.dialect === "postgres" ? "repeatable-read" : "serializable";
  }

  #drawing(strategy: "random" | "pct"): Strategy {
    const { seed, sessions } = this.#options.plan;
    if (strategy === "random") return randomStrategy({ seed });
    return pctStrategy({ seed, depth: 3, expectedSteps: pointsPerFunction * sessions.length });
  }

  /** Up to so many schedules in all. */
  async #follow(strategy: Strategy, upTo: number): Promise<{ found: Searched["found"]; more: boolean }> {
    const { plan, rehearsal, judge, goesOn } = this.#options;
    let more = true;
    while (more && this.#executed < upTo && goesOn()) {
      const schedule = this.#executed;
      try {
        const rehearsed = await rehearsal.perform(plan, strategy, schedule);
        if (rehearsed.performed.interrupted) {
          this.#underWay = this.#underWayIn(rehearsed);
          break;
        }
        this.#count(rehearsed);
        const { stuck } = rehearsed.performed;
        const { deadlock, limited } = rehearsed.execution;
        const isMutual = deadlock !== undefined || limited;
        if (stuck !== undefined && !isMutual && schedule === 0) throw new StuckError(stuck);
        const fault = stuck === undefined ? await judge(rehearsed) : deadlock && deadlockFault(deadlock);
        if (fault !== undefined) return { found: { fault, rehearsed, schedule }, more };
        more = strategy.end();
      } catch (error) {
        if (error instanceof OutOfTime && this.#executed > schedule) {
          // It was executed, and could not be judged.
          this.#executed--;
          break;
        }
        // Where the server has the last word on the order, a search ends where it does not repeat itself.
        if (!(error instanceof ScheduleDivergence)) throw error;
        this.#stuck = `the sessions did not do the same in the same schedule: ${error.message}`;
        break;
      }
    }
    return { found: undefined, more };
  }

  #count({ performed, execution, functions }: Rehearsed): void {
    this.#orders.add(movesOf(performed).join(" "));
    this.#executed++;
    this.#stuck = performed.stuck ?? this.#stuck;
    this.#stray ??= execution.strays[0];
    for (const gap of execution.gaps) this.#gaps.add(gap);
    if (execution.turns > 0) this.#controlled = true;
    for (const [session, ending] of execution.endings.entries()) {
      const id = functions[session] ?? session;
      if (execution.seen[session] === true) this.#seen.add(id);
      if (execution.tookTime[session] === true) this.#tookTime.add(id);
      if (ending?.type === "returned") this.#returned.add(id);
      else if (ending !== undefined && !this.#errors.has(id)) this.#errors.set(id, ending.error);
    }
  }

  #result(found: Searched["found"], complete: boolean | undefined): Searched {
    return {
      executed: this.#executed,
      distinct: Math.min(this.#orders.size, this.#executed),
      complete,
      found,
      neverEnded: [...this.#errors]
        .filter(([id]) => !this.#returned.has(id))
        .map(([id, error]) => ({ name: this.#options.rehearsal.nameOf(id), error })),
      controlled: this.#controlled,
      unseen: [...this.#tookTime]
        .filter((id) => !this.#seen.has(id))
        .map((id) => this.#options.rehearsal.nameOf(id)),
      stray: this.#stray,
      gaps: [...this.#gaps],
      stuck: this.#stuck,
      underWay: this.#underWay,
    };
  }

  /** Who has not come to its end even now, else who sent the last statement. */
  #underWayIn({ performed, execution, functions }: Rehearsed): UnderWay | undefined {
    const { events } = performed.trace;
    const endless = execution.endings.findIndex((ending) => ending === undefined);
    const session = endless === -1 ? events.findLast(({ type }) => type === "sent")?.session : endless;
    const id = session === undefined ? undefined : functions[session];
    if (session === undefined || id === undefined) return undefined;
    return { name: this.#options.rehearsal.nameOf(id), sent: sentBy(events, session) };
  }
}

/** Whose turn it was, step by step. */
export function movesOf({ schedule }: Performed): readonly number[] {
  return schedule.steps.flatMap(({ move }) => granted(move));
}

/** Whether one session came after another: nobody was left in the midst. */
export function isSerial(performed: Performed): boolean {
  const moves = movesOf(performed);
  const begins = moves.filter((session, i) => session !== moves[i - 1]);
  return new Set(begins).size === begins.length;
}
