import type { Generator } from "../generators/generator.ts";
import type { QueryResult, Dialect, Row } from "../clients/database.ts";
import type { DatabaseKind, IsolationLevel } from "../history/header.ts";
import type { Json, Mop } from "../history/operation.ts";
import type { Invariant } from "./invariant.ts";

/** Statements inside one transaction. */
export interface Transaction {
  /**
   * One statement, with `$1`, `$2`, … as placeholders on every database.
   * @throws DatabaseError with a cause word in its fields; whoever catches it goes on in what is left of the transaction
   */
  query<R extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<QueryResult<R>>;
}

/** What a transaction body is handed: one database session, and the right to start transactions on it. */
export interface Session extends Transaction {
  readonly dialect: Dialect;
  readonly isolation: IsolationLevel;
  /** Begins, runs the body and commits; rolls back and rethrows when the body throws. Not nested. */
  transaction<T>(body: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The application is busy: a pause in stress mode, a scheduling point without time in interleaved mode. */
  think(): Promise<void>;
}

/** One entry of a plan: which operation, with what arguments. Drawn without looking at any result. */
export interface PlannedOperation {
  readonly f: string;
  readonly args: Readonly<Record<string, Json>>;
}

/** What a transaction saw and did, once it surely committed. */
export interface Completed {
  readonly value: readonly Mop[];
  readonly data?: Json;
}

/** How one kind of operation is carried out, as ordinary application code. */
export interface OperationDefinition {
  /** The micro-operations as far as they are known before anything is sent. */
  readonly invoke: (args: PlannedOperation["args"], attempt: string) => readonly Mop[];
  /**
   * Does it, and answers what was observed.
   * @param attempt `<operation>.<attempt>`, unique in the run; what a workload writes to be recognised by.
   */
  readonly run: (session: Session, args: PlannedOperation["args"], attempt: string) => Promise<Completed>;
}

/** Which failures are tried again, how often, and how long to wait: exponential, with seeded jitter. */
export interface RetryPolicy {
  /** Cause words, see the error tables of the clients. */
  readonly causes: readonly string[];
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * What a variant declares for some targets: anomalies that must show, and that must never show.
 * Whatever no rule names may show. Rules that match the same target add up.
 */
export interface Expectation {
  /** Databases the rule is about; all when left out. */
  readonly on?: readonly DatabaseKind[];
  /** Levels the rule is about; all when left out. */
  readonly at?: readonly IsolationLevel[];
  /** Server variables the target must have, e.g. `{ innodb_snapshot_isolation: "ON" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly must?: readonly string[];
  readonly never?: readonly string[];
}

/** A number a user can set with `--param NAME=VALUE`. */
export interface Parameter {
  readonly summary: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Set where values between whole numbers make sense. */
  readonly fractional?: true;
}

/** The parameters of a run, by name. */
export type Parameters = Readonly<Record<string, number>>;

/** One way of writing the same application. */
export interface Variant {
  readonly summary: string;
  readonly operations: Readonly<Record<string, OperationDefinition>>;
  /** Statements beyond the workload's own schema, e.g. a unique index. */
  readonly schema?: (dialect: Dialect) => readonly string[];
  readonly retry?: RetryPolicy;
  /** The only levels the variant makes sense at; all when left out. */
  readonly levels?: readonly IsolationLevel[];
  readonly expect: readonly Expectation[];
}

/** A workload: schema, transactions, generator, what to check, what to expect. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  /** What a clean run of it does not prove, in one sentence. */
  readonly cannotReveal: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** The first is the default. */
  readonly variants: Readonly<Record<string, Variant>>;
  /** The statements that create its tables, in order. */
  readonly schema: (dialect: Dialect) => readonly string[];
  /** Rows that must be there before the plan runs. */
  readonly setup: (dialect: Dialect, plan: readonly PlannedOperation[]) => readonly string[];
  /** What the sessions do; the plan is drawn from it. */
  readonly generator: (parameters: Parameters) => Generator<PlannedOperation>;
  /** Reads by fresh sessions after everything else has ended. */
  readonly atRest: (plan: readonly PlannedOperation[]) => readonly PlannedOperation[];
  /** What is checked beside the graph: isolab's domain checkers by name, and invariants of the workload's own. */
  readonly checks: readonly (string | Invariant)[];
  /** Parameters that make transactions meet seldom and often, for comparing variants; whatever is left out keeps its default. */
  readonly contention?: { readonly low: Parameters; readonly high: Parameters };
}
