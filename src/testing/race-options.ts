import type { Rng } from "../random/rng.ts";
import type { IsolationName } from "./isolation-name.ts";
import type { Query } from "./race-stage.ts";
import type { SessionEnding } from "./session-ending.ts";

/** A function of the application's: it runs as one session, beside the others. */
export type SessionFunction = () => unknown;

/** How each of these functions ended, in their order. */
export type EndingsOf<S extends readonly SessionFunction[]> = {
  readonly [I in keyof S]: SessionEnding<Awaited<ReturnType<S[I]>>>;
};

/**
 * What must hold when all sessions have ended. It is broken when this throws, or answers `false`.
 *
 * @param query asks the database, outside of the race
 * @param endings how each session ended, in their order
 */
export type InvariantCheck<S extends readonly SessionFunction[]> = (
  query: Query,
  endings: EndingsOf<S>,
) => unknown;

/** How the order of steps is chosen; see {@link RaceOptions.strategy}. */
export type RaceStrategy = "auto" | "random" | "pct" | "exhaustive";

/** What is raced, and how far. */
export interface RaceOptions<S extends readonly SessionFunction[] = readonly SessionFunction[]> {
  /**
   * Two functions or more, each of them a session: their statements take turns, in every order that is tried. Or what
   * draws such functions: a generated mix, another one after every 25 schedules. It draws from what it is given, and
   * from nothing else, before the functions run.
   */
  readonly sessions: readonly [...S] | ((draw: Rng) => readonly SessionFunction[]);
  /** Makes the same state before every schedule: SQL (several statements), or a function. */
  readonly setup?: string | ((query: Query) => unknown);
  /** What must hold afterwards; several by name. */
  readonly invariant?: InvariantCheck<S> | Readonly<Record<string, InvariantCheck<S>>>;
  /**
   * Whether what the functions answer and leave behind must be what some serial order of them would have led to.
   * True unless given; of more than five sessions the orders are too many: they need an invariant or anomalies.
   */
  readonly serializable?: boolean;
  /**
   * Whether what a function answered says that it has given up and done nothing, as
   * `(answer) => answer?.status === 409`; asked of every answer, undefined too. Such a session is left out of the serial
   * orders, as one that throws is, unless something of it is there for good.
   */
  readonly gaveUp?: (answer: Awaited<ReturnType<S[number]>>) => boolean;
  /**
   * What may differ from one serial execution to another: `table.column`, or `result.path` in what a function answers.
   * Generated keys and times need not be named.
   */
  readonly ignore?: readonly string[];
  /**
   * Anomalies that no schedule may show, by any name that `isolab explain` knows: `["lost-update", "write-skew"]`. Which
   * rows each transaction reads and writes is watched then, as far as it can be proven.
   */
  readonly anomalies?: readonly string[];
  /** The level of transactions that do not choose their own; the server's default unless given. */
  readonly isolation?: IsolationName;
  /** At most so many schedules, an integer from 1. Default 200. */
  readonly schedules?: number;
  /** Of all chance. Default: the environment's `ISOLAB_SEED`, else `1`. */
  readonly seed?: string | number;
  /**
   * - `auto` (default): random schedules first, then every schedule once.
   * - `random`, `pct`, `exhaustive`: as `isolab explore` has them.
   */
  readonly strategy?: RaceStrategy;
  /** With `exhaustive`: at most so many times is a session left in the midst, an integer from 0. */
  readonly preemptions?: number;
  /** After so long, in milliseconds, the schedule under way is broken off and none is begun. No limit unless given. */
  readonly timeLimitMs?: number;
  /**
   * One schedule to be executed instead: what a failure has printed. Default: the environment's `ISOLAB_REPLAY`.
   */
  readonly replay?: string;
  /** Whether what is found is made small. True unless given. */
  readonly shrink?: boolean;
  /** Whether what is found is tried at SERIALIZABLE and with the usual remedies. True unless given. */
  readonly diagnose?: boolean;
  /** Breaks the race off. */
  readonly signal?: AbortSignal;
}
