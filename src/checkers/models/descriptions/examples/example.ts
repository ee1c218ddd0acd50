import type { Json, Mop } from "../../../../history/operation.ts";

/** One line of a schedule: which session does what. Reads hold what they showed. */
export type ExampleStep = readonly [session: number, action: "begin" | "commit" | "abort" | Mop];

/** A schedule that shows an anomaly. Every object is empty or unset at the beginning. */
export interface Example {
  readonly steps: readonly ExampleStep[];
  /** The model, by friendly name, that the history is judged by. */
  readonly model: string;
  /** All that our checkers find in it, sorted. Usually the one anomaly it is for. */
  readonly finds: readonly string[];
  /** What went wrong, in one or two sentences. */
  readonly moral: string;
  /** The name of all operations, or of each session's; `txn` by default. */
  readonly f?: string | Readonly<Record<number, string>>;
  /** What each session's operation tells beside its micro-operations. */
  readonly data?: Readonly<Record<number, Json>>;
  /** The cause with which the server or the application ended a session's transaction that aborts. */
  readonly causes?: Readonly<Record<number, string>>;
  /** Trust that a transaction which reads and writes a register replaces what it read. */
  readonly wfrKeys?: boolean;
  /** Domain checkers to ask. */
  readonly checks?: readonly string[];
}

/** Examples by the anomaly they are for. */
export type Examples = Readonly<Record<string, Example>>;
