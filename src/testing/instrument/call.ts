import type { Row } from "../../clients/database.ts";

/** What came of a statement. */
export interface Answer {
  readonly rows: readonly Row[];
  /** As the driver tells it; 0 for a read. */
  readonly affected: number;
  /** What the driver hands to whoever asked. */
  readonly raw: unknown;
}

/** A connection of the application's, as its driver sees it. */
export interface Line {
  readonly dialect: "postgres" | "mysql";
  /** The server's id of the session; undefined before it is connected. */
  readonly serverId: number | undefined;
  /** Sends a statement past everything, between statements of the application's. */
  ask(sql: string): Promise<readonly Row[]>;
  /** Cuts the connection. */
  destroy(): void;
}

/** A statement that the application has asked a driver to send. */
export interface Call {
  readonly line: Line;
  readonly sql: string;
  readonly params: readonly unknown[];
  /** What the driver was given for the statement's marks and has put into its text, as `mysql2` does in `query`. */
  readonly filledIn?: unknown;
  /**
   * Sends it, with this text. May be called again after the server has undone it. Settles when the server is ready for
   * the next one; rejects with the driver's error.
   */
  send(sql: string): Promise<Answer>;
}

/** Who decides when a statement goes to the server: the session whose code has asked for it. */
export interface Holder {
  /** False once its execution is over and its code has ended: then statements go past it. */
  readonly active: boolean;
  /** Told of a statement that its code sends when it is no longer active. */
  late(sql: string): void;
  /** Takes a statement, sends it when it may, and settles with what the application is to be told. */
  take(call: Call): Promise<Answer>;
  /**
   * Tells that the session's code waits for a connection, until the returned function is called, which calls what it is
   * given when the connection may be handed on.
   *
   * @param full the pool has none left
   * @param giveUp ends the wait with an error
   */
  awaitsConnection(full: boolean, giveUp?: (error: Error) => void): (hand?: () => void) => void;
  /** The statement's text as it is prepared. */
  rewritten(sql: string): string;
}
