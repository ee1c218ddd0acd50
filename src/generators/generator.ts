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

/**
 * An answer. `operation`: this one, not to start before `at` (0: no matter when). With `barrier`, every
 * operation drawn earlier, by any session, is to have completed before it or any later one starts.
 * `wait`: nothing for this session before `until`; Infinity: not before another session has drawn
 * or is found to have nothing left. `done`: the end, for every session.
 *
 * Times are virtual nanoseconds on the scale of {@link Context.time}.
 */
export type Draw<T> =
  | {
      readonly kind: "operation";
      readonly operation: T;
      readonly at: number;
      readonly barrier?: true;
      readonly rest: Generator<T>;
    }
  | { readonly kind: "wait"; readonly until: number; readonly rest: Generator<T> }
  | { readonly kind: "done" };

/**
 * An immutable stream of operations: drawing gives an operation and the generator of the rest
 * (Jepsen's pure generators, jepsen.generator). All chance comes from the context's stream, so the
 * same generator asked twice with equal contexts gives equal answers.
 */
export interface Generator<T> {
  /** The next operation for the session of the context. */
  draw(context: Context): Draw<T>;
}
