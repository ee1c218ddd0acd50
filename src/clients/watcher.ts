import type { Server } from "./servers/server.ts";

/** What keeps sessions from running on at once when one step lets several of them go. */
export type ReleaseOrder =
  /** Waiting sessions are stopped by the operating system, and go on one at a time. Our own PostgreSQL. */
  | "freeze"
  /** A second session that comes to wait has its statement taken back. InnoDB. */
  | "one-waiter"
  /** Nothing: such steps are flagged. A PostgreSQL that is not ours. */
  | "none";

/**
 * Knows, by asking the server, which sessions wait for a lock; it never guesses by time what it can ask.
 * A session that waits here waits for good: the server has looked whether it is part of a deadlock, and
 * nothing but another session's step, a timeout or a fault ends the wait.
 */
export interface Watcher {
  readonly order: ReleaseOrder;
  /**
   * From now on, and until it is called again, the server keeps old versions of rows: when it clears them away
   * is its own business, and what it locks and in which order depends on whether it has. Does nothing on a
   * server that is not ours, where others' work would suffer.
   */
  holdVersions(): Promise<void>;
  /** What every stepped session runs at its beginning: its timeouts are off. */
  readonly prepare: readonly string[];
  /**
   * Which of these sessions (ids on the server) wait, as of now.
   * @throws DatabaseError or EnvironmentError when the server does not answer
   */
  waiting(sessionIds: readonly number[]): Promise<ReadonlySet<number>>;
  /**
   * Calls back when the server has said by itself that a session waits, until the returned function is called;
   * it may have gone on since. Undefined where the server only answers questions.
   */
  readonly onWait: ((listener: (sessionId: number) => void) => () => void) | undefined;
  /** Stops a waiting session; only where the order is `freeze`. */
  freeze(sessionId: number): void;
  /** Lets it go on. Harmless when it was not stopped, or is gone. */
  thaw(sessionId: number): void;
  /** Ends the statement that a session is executing, not its connection. */
  cancel(sessionId: number): Promise<void>;
  /** The statement that makes the session's next waits end by themselves, and how long that takes. */
  readonly armLockTimeout: string;
  /** Whether the wait of a session that waits is of the kind which that ends. */
  timesOut(sessionId: number): Promise<boolean>;
  /** The one that lets them last again. */
  readonly disarmLockTimeout: string;
  /** What the server says a session is doing, for people; empty when it does not know the session. */
  describe(sessionId: number): Promise<string>;
  /** Lets everything go on that was stopped, and ends the session that asks. Idempotent. */
  close(): Promise<void>;
}

/** The server as far as a watcher may use more than its SQL: null for one that is not ours. */
export type OwnServer = Pick<Server, "onLog" | "pid"> | null;
