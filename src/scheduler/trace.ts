import type { DatabaseDescription, IsolationLevel } from "../history/header.ts";

/** What a statement answered, or the error it ended with. Server texts stay in the trace: no history has them. */
export type TracedResult =
  | { readonly rows: readonly Readonly<Record<string, unknown>>[] }
  | { readonly affected: number }
  | { readonly error: { readonly cause: string; readonly code?: string | number; readonly message: string } };

/** What went over the wire and came back, in the order in which it was let go and came back. */
export type TraceEvent =
  /** A statement as it went to the server, with `$1`, `$2`, … ; BEGIN, COMMIT and ROLLBACK are of their own. */
  | {
      readonly type: "sent";
      readonly step: number;
      readonly session: number;
      readonly operation: number;
      /** The operation's name. */
      readonly f: string;
      readonly sql: string;
      readonly params: readonly unknown[];
    }
  | {
      readonly type: "returned";
      readonly step: number;
      readonly session: number;
      readonly result: TracedResult;
    }
  /** The statement sent last by the session waits for a lock; its `returned` comes in a later step. */
  | { readonly type: "blocked"; readonly step: number; readonly session: number }
  /** The statement sent last by the session waited, and was taken back: it is sent again later. */
  | { readonly type: "deferred"; readonly step: number; readonly session: number }
  | {
      readonly type: "fault";
      readonly step: number;
      readonly session: number;
      readonly fault: string;
    };

/** An interleaved execution as a person would have typed it: what a reproduction is written from. */
export interface Trace {
  readonly database: DatabaseDescription;
  readonly isolation: IsolationLevel;
  readonly sessions: number;
  /** Statements that made the tables. */
  readonly schema: readonly string[];
  /** Statements that put the first rows into them. */
  readonly setup: readonly string[];
  readonly events: readonly TraceEvent[];
  /** The reads at rest, each with what it answered. */
  readonly rest: readonly {
    readonly sql: string;
    readonly params: readonly unknown[];
    readonly rows: readonly Readonly<Record<string, unknown>>[];
  }[];
}
