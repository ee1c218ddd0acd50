import type { DatabaseError } from "../../clients/database-error.ts";
import type { Point, PointKind } from "../../scheduler/point.ts";
import type { TurnResult } from "./turn.ts";

/**
 * - `client`: its own code is running.
 * - `ready`: its code waits for a turn.
 * - `executing`: its statement is on the server.
 * - `blocked`: its statement waits for a lock.
 * - `held`: it waits for the next phase of the plan.
 * - `away`: its code waits for something that another session, or the world, has to do.
 * - `finished`: its code has come to its end.
 */
export type SessionState = "client" | "ready" | "executing" | "blocked" | "held" | "away" | "finished";

/** A session that goes on by one step whenever it is let go. */
export interface Stepper {
  /** From 0. */
  readonly number: number;
  state: SessionState;
  /** Its id on the server; undefined while it has no connection. */
  readonly serverId: number | undefined;
  /** What it executes or waits for a turn to do. */
  readonly doing: PointKind | undefined;
  /** Whether the statement that waits for its turn is in a transaction; else it commits itself. */
  readonly isInTransaction: boolean;
  /** Where it stands, but for `alone`; only while it is ready. */
  readonly point: Point;
  /** What came back of the statement that was let go; undefined while it has not, and after it was delivered. */
  readonly result: TurnResult | undefined;
  /** Its waits for locks end by themselves. */
  readonly armed: boolean;
  /** Set while the statement that waits for its turn was taken back, to how many transactions had ended then. */
  readonly deferredAt: number | undefined;
  /** Lets it execute what it waits for. */
  grant(): void;
  /** Puts the statement back that was executing, to be granted again. */
  takeBack(endedTransactions: number): void;
  /** Whether what it executed has come back. */
  hasReturned(): boolean;
  /** Hands the result to the session's code, which runs on. */
  deliver(): void;
  /** Ends what it waits for with an error, without sending it. */
  refuse(error: DatabaseError): void;
}
