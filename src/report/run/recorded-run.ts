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
  /** How many sessions there were; undefined where nobody says. */
  readonly sessions: number | undefined;
  readonly schedule: Schedule | undefined;
  /** What was shrunk, where something was. */
  readonly repro: ReproFiles | undefined;
}

/** A reproduction: where it lies, and its `repro.sql`. */
export interface ReproFiles {
  readonly directory: string;
  readonly sql: string;
}
