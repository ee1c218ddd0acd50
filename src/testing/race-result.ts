import type { History } from "../history/history.ts";
import type { DatabaseDescription, IsolationLevel } from "../history/header.ts";

/** What a race came to. */
export interface RaceResult {
  /** `true`: nothing was found. `false`: a schedule shows what must not be. `"unknown"`: nothing is proven. */
  readonly valid: boolean | "unknown";
  /** Why it is unknown, and what a clean answer does not cover. */
  readonly notes: readonly string[];
  readonly database: Pick<DatabaseDescription, "kind" | "version">;
  /** The level that connections were given; undefined: they were left as they are. */
  readonly isolation: IsolationLevel | undefined;
  /** Levels at which transactions ran: those that the code chose by itself, and those of the others; the lowest first. */
  readonly levels: { readonly chosen: readonly IsolationLevel[]; readonly others: readonly IsolationLevel[] };
  readonly seed: string;
  /** Schedules that were executed, those of shrinking and diagnosis not counted. */
  readonly schedules: number;
  /** Different orders of steps among them. */
  readonly distinct: number;
  /**
   * Every schedule was executed, or left out as equivalent to one that was, and all that was answered could be compared;
   * undefined where that is not counted.
   */
  readonly complete: boolean | undefined;
  /** The time limit came before the end. */
  readonly timedOut: boolean;
  readonly finding: RaceFinding | undefined;
  /** All of it in words, for people. */
  readonly report: string;
}

/** What must not be, and how it comes about. */
export interface RaceFinding {
  /**
   * - `invariant`: one is broken.
   * - `not-serializable`: no serial order of the functions leads to this outcome.
   * - `anomaly`: one that was asked for by name.
   * - `deadlock`: all sessions wait for each other, for connections of a pool, or for those and locks: no server ends it.
   */
  readonly kind: "invariant" | "not-serializable" | "anomaly" | "deadlock";
  /** Of the invariant or the anomaly, or `not serializable`, or `deadlock`. */
  readonly name: string;
  /** What is wrong, in one or a few sentences. */
  readonly message: string;
  /** What the invariant threw. */
  readonly error: unknown;
  /** Number of the schedule that showed it first, from 0. */
  readonly schedule: number;
  /** What `replay` takes. */
  readonly replay: string;
  /** Functions that take part, by what they are called. */
  readonly sessions: readonly string[];
  readonly statements: number;
  /** How many times another session went on than the one before. */
  readonly switches: number;
  /** The statements in their order, in columns by session. */
  readonly interleaving: string;
  /**
   * Anomalies of the field that rows read and written prove of it, whatever the level permits, sorted: `lost-update`,
   * `G-single-item`, … Empty where nothing is proven.
   */
  readonly anomalies: readonly string[];
  /** A case of each of these anomalies, in words. */
  readonly witnesses: readonly string[];
  /** The rows read and written as a history that `check` takes; undefined where there are none that can be told of. */
  readonly history: History | undefined;
  /** How each session ended, in words. */
  readonly endings: readonly string[];
  /** Where the cause lies, and what mends it; undefined where that was not asked for or not learnt. */
  readonly diagnosis: RaceDiagnosis | undefined;
}

/** Where a race comes from. */
export interface RaceDiagnosis {
  /**
   * - `level`: at SERIALIZABLE it is gone.
   * - `scope`: it is there at every level: what is checked and what is done are not in one transaction.
   * - `sequential`: one function after another leads to it.
   */
  readonly cause: "level" | "scope" | "sequential" | "unknown";
  /** There was time to try everything. */
  readonly complete: boolean;
  /** What was tried, and whether no schedule shows it then. */
  readonly remedies: readonly RaceRemedy[];
}

/** A usual remedy, and what came of it. */
export interface RaceRemedy {
  readonly name: "SERIALIZABLE" | "SERIALIZABLE with retry" | "FOR UPDATE" | "unique index";
  /** What it would be here, in words or as SQL. */
  readonly change: string;
  /** Nothing was found with it. */
  readonly helps: boolean;
  /** Every schedule was tried with it. */
  readonly complete: boolean;
  readonly schedules: number;
}
