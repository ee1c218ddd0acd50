import type { Line } from "../instrument/call.ts";
import type { AssignedColumns } from "./assigned-columns.ts";
import type { RowTable } from "./row-table.ts";
import type { RowTransaction } from "./row-transaction.ts";
import type { ShownRows } from "./shown-rows.ts";
import type { StatementEffect } from "./statement-effect.ts";

/** A statement as it goes to the server. */
export interface SentStatement {
  readonly session: number;
  /** What the session's function is called. */
  readonly f: string;
  readonly line: Line;
  /** It is part of a transaction that was begun before it. */
  readonly open: boolean;
  readonly sql: string;
  readonly params: readonly unknown[];
  /** What the driver has put into its text. */
  readonly filledIn?: unknown;
}

/** A statement that is under way, or was in this step. */
export interface WatchedStatement {
  readonly transaction: RowTransaction;
  readonly effect: StatementEffect;
  readonly sql: string;
  readonly params: readonly unknown[];
  /** Number of the step in which it was sent. */
  readonly sent: number;
  /** The table that it writes, on PostgreSQL. */
  readonly target: RowTable | undefined;
  /** Where the values come from that it writes; undefined where it is not known of which table. */
  readonly assigned: AssignedColumns | undefined;
  /** Its rows were asked for by us. */
  readonly asked: boolean;
  /** Ids of tables that it was seen to have written (MySQL). */
  readonly wrote: Set<string>;
  /** Objects that it was seen to have written (MySQL). */
  readonly objects: Set<string>;
}

/** A statement that came back in this step. */
export interface AnsweredStatement {
  readonly statement: WatchedStatement;
  /** Its rows; undefined where the answer has none, or several results. */
  readonly shown: ShownRows | undefined;
  /** The answer as the driver gives it. */
  readonly raw: unknown;
}
