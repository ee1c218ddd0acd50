import type { Verdict } from "../../checkers/verdict.ts";
import type { History } from "../../history/history.ts";
import type { Schedule } from "../../scheduler/schedule.ts";

/** The files of a run directory, read. */
export interface RecordedRun {
  /** As the user named it; what commands on the page say. */
  readonly directory: string;
  readonly history: History;
  readonly verdict: Verdict;
  /** Whether the verdict was made for the page, since the directory holds none. */
  readonly judgedAnew: boolean;
  /** Whether the directory holds a plan, so that it can be executed again. */
  readonly hasPlan: boolean;
  /** The arguments of isolab that make the same run from its seed; absent where nobody left them. */
  readonly command?: readonly string[];
  /** How many sessions there were; undefined where nobody says. */
  readonly sessions: number | undefined;
  readonly schedule: Schedule | undefined;
  /** How many sessions waited for a lock, sampled in a free-running run; undefined where nobody asked. */
  readonly lockWaits: LockWaits | undefined;
  /** What was shrunk, where something was. */
  readonly repro: ReproFiles | undefined;
}

/** Samples, or why there are none. */
export type LockWaits =
  | { readonly samples: readonly { readonly atNanos: number; readonly waiting: number }[] }
  | { readonly samples: null; readonly because: string };

/** A reproduction: where it lies, and its `repro.sql`. */
export interface ReproFiles {
  readonly directory: string;
  readonly sql: string;
}
