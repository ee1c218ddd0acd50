import type { Row } from "../../clients/database.ts";
import type { SentStatement } from "../search/conduct.ts";

/** How a session's function ended. */
export type SessionEnding =
  | { readonly type: "returned"; readonly value: unknown }
  | {
      readonly type: "threw";
      readonly error: unknown;
      /** Whether it had made something permanent before. False only where that is certain. */
      readonly committed: boolean;
    };

/** What stands for the error of a session that has answered that it gave up. */
export class GivenUp extends Error {
  constructor() {
    super("it gave up");
  }
}

/** Everything that one execution left behind. */
export interface Outcome {
  /** By the session's number; undefined, or a hole, for a session that took no part. */
  readonly sessions: readonly (SessionEnding | undefined)[];
  readonly state: State;
  /**
   * What the set-up had made when the first session began, where that was read: shows a set-up that does not put
   * everything back.
   */
  readonly setup?: State;
  /** The order of every list in it comes from the functions, not from a query's rows; see `ordersLists`. */
  readonly ordered?: boolean;
  /** What each session has sent, by its number, where that is known. */
  readonly sent?: readonly SentStatements[];
  /** Numbers of sessions that had several statements under way at once, where that is known. */
  readonly several?: ReadonlySet<number>;
}

/** The statements of one session in their order. */
export type SentStatements = readonly SentStatement[];

/** What is in the tables. */
export interface State {
  /** By the names that the catalogue has. */
  readonly tables: ReadonlyMap<string, TableState>;
}

/** What is in one table: all rows, or the sentence that says why they were not read. */
export type TableState =
  | { readonly type: "rows"; readonly rows: readonly StoredRow[] }
  | { readonly type: "left-out"; readonly why: string };

/** A row's values as the server writes them as text, in the order of the columns that are compared; null is NULL. */
export type StoredRow = readonly (string | null)[];

/** Asks the user's database one statement, each in a transaction of its own, outside of what is judged. */
export type Ask = (sql: string, params?: readonly unknown[]) => Promise<readonly Row[]>;
