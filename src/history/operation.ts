/** Anything JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * What a line of a history says about an operation, as in Jepsen: `invoke` it was about to be sent,
 * `ok` it surely committed, `fail` it surely did not, `info` nobody knows.
 */
export type OperationType = "invoke" | "ok" | "fail" | "info";

/** A logical client (a number), or a named actor such as `"nemesis"`. */
export type Process = number | string;

/**
 * A micro-operation: `[kind, key, value]`.
 *
 * - `["append", k, e]`, `["r", k, [e…] | null]`: one SQL value that is appended to (a list).
 * - `["w", k, v]`, `["r", k, v | null]`: one row's value is replaced (a register).
 * - `["w", k, [n, v]]`, `["r", k, [n, v] | null]`: the same, with the row's version number n.
 * - `["add", k, e]`, `["rs", k, [e…] | null]`: rows inserted into a set, and a read of the whole set.
 * - `["insert", k, v]`, `["w", k, v]`, `["delete", k, null]`, `["r", k, v | null]`: one row of a closed
 *   universe is inserted, updated, deleted, read; v may be `[n, v]` here too.
 * - `["rp", predicate, [[k, v], …] | null]`: all rows of that universe whose value the predicate accepts.
 *
 * The value of a read is null in an invocation (not known yet) and wherever the result is unknown.
 */
export type Mop = readonly [kind: string, key: Json, value: Json];

/** Why an operation did not end `ok`: our own cause word, and the server's code where there is one. */
export interface OperationError {
  /** A word of ours, e.g. `serialization-failure`, `deadlock`, `connection-lost`, `duplicate-key`. */
  readonly cause: string;
  /** SQLSTATE (PostgreSQL) or errno (MySQL/MariaDB), or a driver's code such as `ECONNRESET`. */
  readonly code?: string | number;
}

/** One line of a history. */
export interface Operation {
  /** Position in the history, from 0 without a gap. */
  readonly index: number;
  /** Nanoseconds since the run began (free-running), or the schedule's step number (interleaved). */
  readonly time: number;
  readonly process: Process;
  readonly type: OperationType;
  /** The domain's name of the operation: `register`, `txn`, … */
  readonly f: string;
  /** The transaction as micro-operations; any other JSON for what is no transaction (a nemesis, say). */
  readonly value: readonly Mop[] | Json;
  /** What only the domain's own checkers need: versions, stages, observed rows. */
  readonly data?: Json;
  /** Present on `fail` and `info`. Histories of others may hold any JSON here. */
  readonly error?: OperationError | Json;
}
