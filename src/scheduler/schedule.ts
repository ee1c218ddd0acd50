import type { Move } from "./move.ts";
import type { PointKind } from "./point.ts";

/** The version of `schedule.json` that this code writes. */
export const scheduleFormat = 1;

/**
 * What a step led to for one session: rows that were read, rows that were written, an end without an
 * answer (commit, rollback, think), an error by its code or cause word, a wait for a lock (`blocked`), or
 * a statement that was taken back because only one session may wait at a time (`deferred`).
 */
export type StepOutcome =
  | { readonly session: number; readonly rows: number }
  | { readonly session: number; readonly affected: number }
  | { readonly session: number; readonly done: true }
  | { readonly session: number; readonly error: string | number }
  | { readonly session: number; readonly blocked: true }
  | { readonly session: number; readonly deferred: true };

/** One step of an execution: what could have been chosen, what was, and what came of it. */
export interface Step {
  readonly move: Move;
  /** Sessions that were ready and blocked before the step, ascending. */
  readonly ready: readonly number[];
  readonly blocked: readonly number[];
  /** What each granted session did, in the order of {@link Move}. */
  readonly points: readonly {
    readonly operation: number;
    readonly attempt: number;
    readonly kind: PointKind;
  }[];
  /** The granted first, then those that their step woke, in the order in which they were let go on. */
  readonly outcomes: readonly StepOutcome[];
  /** The order of what happened inside the step was the server's, not ours: it may differ next time. */
  readonly racy?: true;
}

/** An interleaving as data: `schedule.json`, and what `replay` repeats. The position of a step is its number. */
export interface Schedule {
  readonly isolab: typeof scheduleFormat;
  readonly seed: string;
  /** How it came about: `random`, `pct`, … */
  readonly strategy: string;
  /** Number of the schedule in an exploration, from 0. */
  readonly schedule: number;
  readonly steps: readonly Step[];
}
