import type { IsolationLevel } from "../history/header.ts";
import type { DatabaseError, Phase } from "./database-error.ts";
import type { Row } from "./database.ts";

/** The server's answer to one statement, as far as both drivers can tell it. */
export interface Reply {
  readonly rows: readonly Row[];
  readonly affected: number;
  /** The command tag (PostgreSQL), e.g. `COMMIT`, `ROLLBACK`; undefined where the protocol has none. */
  readonly tag: string | undefined;
}

/** One session on the server as the driver sees it: no state of ours, errors as the driver throws them. */
export interface Wire {
  readonly sessionId: number;
  /** The client's port, by which a proxy knows the connection; undefined once it is closed. Never enters a history. */
  readonly localPort: number | undefined;
  /** Why the connection is gone; undefined while it is not known to be. */
  readonly lost: unknown;
  /** Whether a transaction is open, as of the last answer; undefined when that answer did not say. */
  readonly inTransaction: boolean | undefined;
  /**
   * Sends one statement and waits until the server is ready for the next one, after an error too: what
   * the failed statement held has been released when the promise rejects.
   */
  send(sql: string, params?: readonly unknown[]): Promise<Reply>;
  /**
   * Sends two statements at once, the second before the first is answered; it is carried out whatever becomes of
   * the first. Undefined where the protocol answers one before it takes the next.
   */
  readonly sendTogether?:
    | ((
        first: string,
        sql: string,
        params: readonly unknown[],
      ) => readonly [first: Promise<Reply>, second: Promise<Reply>])
    | undefined;
  /** Says goodbye and waits until the socket is closed; cuts it when a statement is under way. Never rejects. */
  end(): Promise<void>;
}

/** What is left of a transaction on the server after a statement in it failed. */
export type Aftermath =
  /** It is open: it can go on, or answers every statement with an error until it is rolled back. */
  | "open"
  /** It was rolled back. */
  | "rolled-back"
  /** It is over, and may have been committed (an implicit commit). */
  | "unknown";

/** What the two databases do differently with transactions. */
export interface Rules {
  /** The statements that begin a transaction; at the session's own level when none is given. */
  begin(isolation: IsolationLevel | undefined): readonly string[];
  /** Any error of the driver as one of ours. `lost`: the connection is known to be gone. */
  classify(error: unknown, phase: Phase, lost: boolean): DatabaseError;
  /** Asked after a failed statement of an open transaction, on a connection that is alive; makes it safe. */
  aftermath(wire: Wire, error: DatabaseError): Promise<Aftermath>;
}
