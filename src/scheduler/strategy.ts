import type { Move } from "./move.ts";
import type { Point } from "./point.ts";

/** What a strategy sees when no session is executing: who waits for a turn, and who waits for a lock. */
export interface Choice {
  /** Number of the step to be decided, from 0. */
  readonly step: number;
  /** At least one, by ascending session. */
  readonly ready: readonly Point[];
  /** Sessions that wait on the server, ascending. Only a fault can reach them. */
  readonly blocked: readonly number[];
  /** Who was let go last; undefined at first, and after an overlap or a fault. */
  readonly last: number | undefined;
}

/**
 * Whose turn it is: the one seam between those who decide and those who execute. A strategy draws
 * nothing but from the seed it was made with, so the same answers lead to the same questions.
 */
export interface Strategy {
  /** As in `--strategy`. */
  readonly name: string;
  /** A schedule begins: its number among those executed, from 0, and how many sessions there are. */
  begin(schedule: number, sessions: number): void;
  /** Answers one move that the choice allows: a grant of a ready session, or an overlap of two. */
  pick(choice: Choice): Move;
  /** The schedule has ended. Answers whether there is another one to be executed. */
  end(): boolean;
}
