import type { Clock } from "../../clock/clock.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Difference, differences, sameOutcome } from "./differences.ts";
import { Lens } from "./lens.ts";
import { ordersOf } from "./orders.ts";
import { type Ask, GivenUp, type Outcome, type SessionEnding } from "./outcome.ts";
import { unlikeSetups } from "./repeatability.ts";
import type { Sight } from "./same-tree.ts";
import type { SerialRun } from "./serial-run.ts";
import { SerialRuns, type RunSerially } from "./serial-runs.ts";
import { Camera, type Snapshot } from "./snapshot.ts";
import { inOrder, tellNotSerializable } from "./tell-verdict.ts";

/** What an oracle is given. */
export interface SerialOracleOptions {
  /** How many sessions there are; they are numbered from 0. */
  readonly sessions: number;
  readonly run: RunSerially;
  readonly ask: Ask;
  /** See `describeState`. */
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** What is not compared: `orders` (a table), `orders.amount` (a column), `result.token` (in what every session returns). */
  readonly ignore?: readonly string[];
  /** All functions have been run before; see `SerialOracle.rehearse`. */
  readonly warm?: boolean;
  /** What people call the sessions; `session 0`, … when left out. */
  readonly names?: readonly string[];
}

/** Whether an outcome is that of some serial order. */
export interface SerialVerdict {
  readonly serializable: boolean | "unknown";
  /** For people: which order it equals, how it differs from all of them, or why that is not known. May have several lines. */
  readonly why: string;
  /** When not serializable: the order that comes closest, and how it differs. */
  readonly nearest?: Nearest;
  /** What a serial order could not be run for. */
  readonly cause?: unknown;
}

export interface Nearest {
  readonly order: readonly number[];
  readonly differences: readonly Difference[];
}

export interface SerialOracle {
  /**
   * Runs one serial order three times, the first one unseen, unless orders have been run before; and another one twice
   * where numbers in answers may be generated keys. To be called before the
   * first execution that is judged: what functions keep from their first run on (a cache, a row that the set-up does not
   * take away) is then there in all of them.
   *
   * Rejects when a run cannot be carried out.
   */
  rehearse(): Promise<void>;
  /**
   * Compares with serial orders, and runs those that it has not run yet: none after it has found one that fits, all n! of
   * them, twice or three times, before it says that there is none. Leaves the database in the state of the last. Calls must
   * not overlap.
   */
  judge(outcome: Outcome): Promise<SerialVerdict>;
}

/** All orders of more sessions are not run. */
export const mostSessions = 5;
/** Up to this many orders are run three times instead of two, so that functions that draw lots are found out. */
const fewOrders = 6;

/**
 * Judges whether an outcome is final-state serializable: some serial order of the same functions returns the same values
 * and leaves the same rows. Values that every run makes anew are not compared: generated keys and what references them,
 * UUIDs, times about now, and where two runs of one serial order differ in what generated keys and times explain. Which
 * places hold the same generated key or UUID is compared (`linksOf`), unless two runs of one order differ in it; a number
 * in an answer is such a key where it is one in every serial run (`AnsweredKeys`).
 * Whether functions that differ otherwise are serializable is not known.
 *
 * Sound for functions whose outcome depends on the database alone, and on generated keys, times and draws only in what
 * they store and return (not, say, on which key is the smallest). What they keep in memory from one run to the next, the number of a connection, and times that are
 * stored as something else (an hour, a year) are not seen through: declare them by `ignore`.
 */
export function serialOracle(options: SerialOracleOptions): SerialOracle {
  return new Oracle(options);
}

class Oracle implements SerialOracle {
  readonly #options: SerialOracleOptions;
  readonly #beganMs: number;
  readonly #lens: Lens;
  readonly #camera: Camera;
  readonly #runs: SerialRuns;

  constructor(options: SerialOracleOptions) {
    const { ignore = [], catalogue, clock } = options;
    this.#options = options;
    this.#beganMs = clock.date().getTime();
    this.#lens = new Lens(ignore);
    this.#camera = new Camera(catalogue);
    const sight = (): Sight => this.#sight;
    this.#runs = new SerialRuns({
      ...options,
      camera: this.#camera,
      nowMs: this.#beganMs,
      nameOf: (session) => this.#nameOf(session),
      get sight() {
        return sight();
      },
    });
  }

  async rehearse(): Promise<void> {
    const some = Array.from({ length: Math.min(mostSessions, this.#options.sessions) }, (_, i) => i);
    if (this.#runs.calibrated) return;
    if (this.#options.warm !== true) await this.#runs.warmUp(some);
    await this.#runs.of(some, 2);
    // Another order tells which numbers are keys before the first outcome is judged.
    if (this.#lens.answered.areOpen) await this.#runs.of([...some].reverse(), 2);
  }

  async judge(outcome: Outcome): Promise<SerialVerdict> {
    const here = this.#camera.outcome(outcome, this.#beganMs);
    try {
      return await this.#judge(outcome, here);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      return { serializable: "unknown", why: `A serial order could not be run: ${message}`, cause };
    }
  }

  async #judge({ sessions, setup, ordered = false }: Outcome, here: Snapshot): Promise<SerialVerdict> {
    const numbers = Array.from({ length: this.#options.sessions }, (_, i) => i);
    const leftNothing = (ending: SessionEnding | undefined): boolean =>
      ending === undefined || (ending.type === "threw" && !ending.committed);
    const howEnded = (session: number): "threw" | "gave up" => howItEnded(sessions[session]);
    const remaining = numbers.filter((session) => !leftNothing(sessions[session]));
    if (remaining.length > mostSessions) return unknown(tooMany(remaining.length));

    const some = await this.#fits(here, remaining, ordered);
    if (some !== undefined) return this.#equals(some, here);
    const all = numbers.filter((session) => sessions[session] !== undefined);
    if (all.length > remaining.length && all.length <= mostSessions) {
      const whole = await this.#fits(here, all, ordered);
      if (whole !== undefined) return this.#equals(whole, here);
    }
    const torn = remaining.filter((session) => sessions[session]?.type === "threw");
    if (torn.length > 0)
      return unknown(tornSessions(torn.map((session) => `${this.#nameOf(session)} ${howEnded(session)}`)));

    if (setup !== undefined) {
      const [first] = await this.#runs.of(remaining, 1);
      const before = this.#camera.state(setup, this.#beganMs);
      const [unlike] = first === undefined ? [] : unlikeSetups(before, first.setup, this.#sight);
      if (unlike !== undefined) return unknown(unlike);
    }
    const again = await this.#fitsAgain(here, remaining, ordered);
    if (again !== undefined) return this.#equals(again, here);
    const [problem] = this.#runs.problems;
    if (problem !== undefined) return unknown(problem);
    const [unmoved] = this.#runs.unmoved;
    if (unmoved !== undefined) return unknown(littleRoom(unmoved));
    return this.#notSerializable(here, { sessions: remaining, all, ordered, howEnded });
  }

  /** The first order of these whose outcome this may be. One order is run twice at the beginning. */
  async #fits(
    here: Snapshot,
    sessions: readonly number[],
    ordered: boolean,
  ): Promise<readonly number[] | undefined> {
    for (const order of ordersOf(sessions)) {
      const runs = await this.#runs.of(order, this.#runs.calibrated ? 1 : 2);
      if (runs.some((run) => sameOutcome(here, run.left, this.#sightOf(run, ordered)))) return order;
    }
    return undefined;
  }

  /** The same, once every order has been run more than once and the lens has learnt from all of them. */
  async #fitsAgain(
    here: Snapshot,
    sessions: readonly number[],
    ordered: boolean,
  ): Promise<readonly number[] | undefined> {
    const orders = [...ordersOf(sessions)];
    for (const times of orders.length <= fewOrders ? [2, 3] : [2]) {
      for (const order of orders) {
        await this.#runs.of(order, times);
        if (this.#runs.problems.length > 0) break;
      }
      const fitting = await this.#fits(here, sessions, ordered);
      if (fitting !== undefined) return fitting;
    }
    return undefined;
  }

  get #sight(): Sight {
    return { lens: this.#lens, span: { fromMs: this.#beganMs, toMs: this.#options.clock.date().getTime() } };
  }

  /** Lists are compared in their order where it is that of the functions in both. */
  #sightOf(run: SerialRun, ordered: boolean): Sight {
    return { ...this.#sight, ordered: ordered && run.ordered && this.#lens.comparesOrder };
  }

  #equals(order: readonly number[], here: Snapshot): SerialVerdict {
    // What comes out otherwise each time may have come out as some order does by chance.
    const [problem] = this.#runs.problems;
    if (problem !== undefined) return unknown(problem);
    const notes = this.#notes(here)
      .map((sentence) => ` ${sentence}.`)
      .join("");
    const which = order.length === 0 ? "what the set-up made" : inOrder(order, this.#nameOf);
    return { serializable: true, why: `The same as ${which}.${notes}` };
  }

  async #notSerializable(
    here: Snapshot,
    { sessions, all, ordered, howEnded }: Involved,
  ): Promise<SerialVerdict> {
    const { catalogue } = this.#options;
    const compared: Nearest[] = [];
    for (const order of ordersOf(sessions)) {
      const [first] = await this.#runs.of(order, 1);
      if (first === undefined) continue;
      const telling = { catalogue, sight: this.#sightOf(first, ordered), nameOf: this.#nameOf };
      compared.push({ order, differences: differences(here, first.left, telling) });
    }
    const [nearest] = [...compared].sort((a, b) => a.differences.length - b.differences.length);
    if (nearest === undefined) return unknown("There is no serial order to compare with.");
    const leftOut = all.filter((session) => !sessions.includes(session));
    const why = tellNotSerializable({
      compared,
      nearest,
      leftOut,
      howEnded,
      notes: this.#notes(here),
      nameOf: this.#nameOf,
    });
    return { serializable: false, why, nearest };
  }

  /** What was not compared. */
  #notes({ leftOut }: Snapshot): readonly string[] {
    if (this.#options.catalogue.tables.length > 0) return leftOut;
    return [
      "There are no tables where they were looked for, so only what the functions returned was compared",
    ];
  }

  readonly #nameOf = (session: number): string => {
    const { names = [] } = this.#options;
    const name = names[session] ?? `session ${session}`;
    const isAlone = names.filter((other) => other === name).length <= 1;
    return isAlone ? name : `session ${session} (${name})`;
  };
}

interface Involved {
  readonly sessions: readonly number[];
  /** With those that threw and left nothing. */
  readonly all: readonly number[];
  readonly ordered: boolean;
  readonly howEnded: (session: number) => "threw" | "gave up";
}

function howItEnded(ending: SessionEnding | undefined): "threw" | "gave up" {
  return ending?.type === "threw" && ending.error instanceof GivenUp ? "gave up" : "threw";
}

function tornSessions(names: readonly string[]): string {
  return `${names.join(" and ")} after a part of the work had become permanent, and no serial order in which the same happens leads to this outcome: whether that part alone was to be expected is not known. Do all of it in one transaction, or judge by an \`invariant\` alone, with \`serializable: false\`.`;
}

function littleRoom(name: string): string {
  return `No serial order leads to this outcome; but ${name} has too few numbers left to be moved on, so it is not known which values come from it, and those need not be the same. Let the set-up make it with more room, or judge by an \`invariant\` alone, with \`serializable: false\`.`;
}

function unknown(why: string): SerialVerdict {
  return { serializable: "unknown", why };
}

function tooMany(sessions: number): string {
  return `${sessions} sessions made something permanent: they have too many serial orders to run all of them, which is done for ${mostSessions} at most.`;
}
