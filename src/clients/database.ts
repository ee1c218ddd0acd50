import type { DatabaseDescription, IsolationLevel } from "../history/header.ts";
import type { Catalog } from "./catalog.ts";
import type { OwnServer, Watcher } from "./watcher.ts";

/** The SQL that is spoken; MariaDB speaks `mysql`. */
export type Dialect = "postgres" | "mysql";

/** A row by column name; values are what the driver makes of them. */
export type Row = Readonly<Record<string, unknown>>;

/** What a statement answered. */
export interface QueryResult<R extends Row = Row> {
  readonly rows: readonly R[];
  /** Rows inserted, matched by an UPDATE's WHERE (not: really changed), or deleted; 0 for a read. */
  readonly affected: number;
}

/**
 * A server and a namespace of ours on it (a schema in PostgreSQL, a database in MySQL) that was
 * created for this run and is dropped by {@link Database.close}.
 */
export interface Database {
  readonly dialect: Dialect;
  /** Kind, version and settings as the server reports them. */
  readonly description: DatabaseDescription;
  /**
   * A new session in our namespace, at a level that was read back from the server.
   * @throws DatabaseError when it cannot be had; EnvironmentError when the level is not the one asked for.
   */
  connect(isolation: IsolationLevel): Promise<Connection>;
  /** Runs statements outside any measured transaction: schema, sample rows. */
  execute(statements: readonly string[]): Promise<void>;
  /** The tables in our namespace. */
  catalog(): Promise<Catalog>;
  /** Lets the server's plans for these tables depend on nothing that it does in the background. */
  steady(tables: readonly string[]): Promise<void>;
  /** Empties these tables by TRUNCATE, so that nothing physical is left of what was in them; identities begin anew. */
  empty(tables: readonly string[]): Promise<void>;
  /**
   * Watches sessions for a stepped execution. The user must be allowed to see them.
   * @param own the server, if it is ours to look into
   */
  watch(own: OwnServer): Promise<Watcher>;
  /**
   * Counts sessions that wait, on a session of its own that is not counted.
   * @throws DatabaseError or EnvironmentError when there is no such session to be had
   */
  lockWaits(): Promise<LockWaits>;
  /** How many sessions of this run the server still knows, the control session not counted. */
  sessionsLeft(): Promise<number>;
  /** Ends one session of this run as a fault would, by the id it has on the server. */
  kill(sessionId: number): Promise<void>;
  /** Breaks off the statement that a session of this run carries out, if any, by the id it has on the server. */
  cancel(sessionId: number): Promise<void>;
  /** Ends all sessions of this run, as {@link kill} does; waits for nothing. */
  killAll(): Promise<void>;
  /** The same as {@link kill}, and waits until the server has forgotten the session and let go of all that it held. */
  killAndWait(sessionId: number): Promise<void>;
  /** Drops the namespace and ends the control session. Idempotent. */
  close(): Promise<void>;
}

/** Counts the sessions that wait for a lock; see {@link Database.lockWaits}. */
export interface LockWaits {
  /**
   * How many of the run's sessions wait for a lock at the moment, as the server says.
   * @throws DatabaseError or EnvironmentError when it does not answer, or may not
   */
  count(): Promise<number>;
  close(): Promise<void>;
}

/**
 * One session on the server. Calls must not overlap. After an error that ended the transaction on
 * the server the connection has already rolled back, so that no later statement can run outside of
 * it. After a lost connection every call fails.
 */
export interface Connection {
  /** The server's id of the session. Never enters a history. */
  readonly sessionId: number;
  /** The client's port, by which a proxy knows the connection; undefined once it is closed. Never enters a history. */
  readonly localPort: number | undefined;
  /** False once the connection is lost or closed. */
  readonly usable: boolean;
  begin(isolation: IsolationLevel): Promise<void>;
  /** {@link begin} and {@link query} in one round trip, where the protocol allows it. */
  beginWith<R extends Row = Row>(
    isolation: IsolationLevel,
    sql: string,
    params?: readonly unknown[],
  ): Promise<QueryResult<R>>;
  /**
   * One statement, with `$1`, `$2`, … as placeholders on every database.
   * @throws DatabaseError
   */
  query<R extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<QueryResult<R>>;
  /** @throws DatabaseError whose outcome says whether the commit surely failed. */
  commit(): Promise<void>;
  /** Does nothing outside a transaction. */
  rollback(): Promise<void>;
  close(): Promise<void>;
}
