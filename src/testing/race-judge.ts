import type { Clock } from "../clock/clock.ts";
import { asItIs } from "./experiments/experiment.ts";
import { brokenInvariant, namedInvariants } from "./invariants.ts";
import type { RaceFault } from "./race-finding.ts";
import type { RaceOptions } from "./race-options.ts";
import type { RaceParameters } from "./race-parameters.ts";
import { Rehearsal, type Rehearsed } from "./execution/race-rehearsal.ts";
import type { RaceStage } from "./race-stage.ts";
import { forbiddenAnomaly, untoldRows } from "./rows/race-rows.ts";
import { SerialJudge } from "./serial/serial-judge.ts";
import type { SessionEnding } from "./session-ending.ts";

/** What a race is judged with. */
export interface RaceJudgeMeans {
  readonly stage: RaceStage;
  readonly clock: Clock;
  readonly options: RaceOptions;
  readonly parameters: RaceParameters;
  /** Aborted when the race is to end. */
  readonly stop: AbortSignal;
  /** Called before each execution. */
  readonly look: () => void;
}

/** Says what a schedule shows: by invariants, by the rows that were read and written, by serial orders. */
export class RaceJudge {
  readonly #means: RaceJudgeMeans;
  /** By the number of the mix. */
  readonly #serialJudges = new Map<number, SerialJudge>();
  readonly #serialRehearsals: Rehearsal[] = [];
  readonly #unwatched = new Set<string>();
  readonly #caveats = new Set<string>();

  constructor(means: RaceJudgeMeans) {
    this.#means = means;
  }

  /** Judges a mix by serial orders, unless that is not wanted; to be asked before its first schedule. */
  async serialJudge(mix: number): Promise<SerialJudge | undefined> {
    const { stage, clock, parameters, stop, look, options } = this.#means;
    const { serializable = true, ignore = [], gaveUp, setup } = options;
    const known = this.#serialJudges.get(mix);
    if (known !== undefined) return known;
    const functions = parameters.functions(mix);
    if (!parameters.comparesOrders(functions.length)) {
      if (serializable) this.#caveats.add(notCompared(functions.length));
      return undefined;
    }
    const common = { stage, clock };
    const rehearsal = new Rehearsal(
      { ...common, functions, setup, seed: parameters.seed, stop, look },
      asItIs(parameters.level),
    );
    this.#serialRehearsals.unshift(rehearsal);
    const judge = new SerialJudge({ ...common, rehearsal, ignore, gaveUp });
    await judge.prepare();
    this.#serialJudges.set(mix, judge);
    return judge;
  }

  /** What a schedule shows; undefined when it shows nothing. */
  async judge(rehearsed: Rehearsed): Promise<RaceFault | undefined> {
    const { stage, options, parameters } = this.#means;
    const { mix, setup, rows } = rehearsed;
    for (const why of untoldRows(rows, parameters.anomalies)) this.#unwatched.add(why);
    const endings = endingsOf(rehearsed);
    if (endings === undefined) return undefined;
    const serial = this.#serialJudges.get(mix);
    await serial?.takeAnswers(rehearsed.execution);
    const state = await serial?.state();
    const broken = await brokenInvariant(namedInvariants(options.invariant), stage.query, endings);
    const fault = broken ?? forbiddenAnomaly(rows, parameters.anomalies);
    if (fault !== undefined || state === undefined) return fault;
    return serial?.judge(rehearsed, state, setup);
  }

  /** Why serial orders could not be compared with; three reasons at the most. */
  get doubts(): readonly string[] {
    const doubts = [...this.#serialJudges.values()].flatMap((serial) => [...serial.doubts]);
    return [...new Set(doubts)].slice(0, 3);
  }

  /** Why rows that the sessions used were not watched. */
  get unwatched(): readonly string[] {
    return [...this.#unwatched];
  }

  /** What a clean answer does not cover. */
  get caveats(): readonly string[] {
    const serial = [...this.#serialJudges.values()].flatMap(({ caveats, uncompared }) => [
      ...[...uncompared].slice(0, 3),
      ...caveats,
    ]);
    return [...new Set([...this.#caveats, ...serial])];
  }

  /** Nothing that functions have answered was left out because it cannot be compared. */
  get comparesAnswers(): boolean {
    return [...this.#serialJudges.values()].every(({ uncompared }) => uncompared.size === 0);
  }

  /** Gives the application's connections back. */
  async close(): Promise<void> {
    for (const rehearsal of this.#serialRehearsals) await rehearsal.close();
  }
}

/** How the functions ended, by their numbers; undefined unless all that took part did. */
function endingsOf({ execution, functions }: Rehearsed): readonly SessionEnding[] | undefined {
  const endings: SessionEnding[] = [];
  for (const [session, ending] of execution.endings.entries()) {
    const id = functions[session];
    if (ending === undefined || id === undefined) return undefined;
    endings[id] =
      ending.type === "returned"
        ? { type: "returned", value: ending.value }
        : { type: "threw", error: ending.error };
  }
  return endings;
}

function notCompared(sessions: number): string {
  return `${sessions} sessions have too many serial orders to compare with them: what holds is what the invariants and anomalies say, and no more.`;
}
