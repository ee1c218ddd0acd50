import type { Rng } from "../random/rng.ts";

/** What a generator may look at when it is asked for the next operation. Never a result. */
export interface Context {
  /** Nanoseconds since the beginning, virtual in simulation and planning. */
  readonly time: number;
  /** The session that is free and asks, from 0. */
  readonly session: number;
  /** How many sessions there are. */
  readonly sessions: number;
  /** The stream all choices are drawn from. */
  readonly rng: Rng;
}

/** An answer: an operation not to start before `at`, nothing for this session before `until`, or the end. */
export type Draw<T> =
  | { readonly kind: "operation"; readonly operation: T; readonly at: number; readonly rest: Generator<T> }
  | { readonly kind: "wait"; readonly until: number; readonly rest: Generator<T> }
  | { readonly kind: "done" };

/**
 * An immutable stream of operations: drawing gives an operation and the generator of the rest
 * (Jepsen's pure generators, jepsen.generator). All chance comes from the context's stream.
 */
export interface Generator<T> {
  draw(context: Context): Draw<T>;
}
