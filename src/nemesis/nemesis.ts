import type { Database } from "../clients/database.ts";
import type { Rng } from "../random/rng.ts";

/** What a fault may act on: the sessions of this run, and the database they belong to. */
export interface Victims {
  readonly database: Database;
  /** Server ids of the sessions that are open now. */
  readonly sessions: readonly number[];
}

/**
 * A fault as a value: what it does, in words and in deed. Which session it hits is drawn from the
 * nemesis's own stream.
 */
export interface Nemesis {
  readonly name: string;
  readonly summary: string;
  /** Injects the fault once. @returns what was done, in a word, or null when there was nothing to hit */
  readonly inject: (victims: Victims, rng: Rng) => Promise<string | null>;
}
