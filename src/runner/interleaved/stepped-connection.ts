import type { Connection, QueryResult, Row } from "../../clients/database.ts";
import type { IsolationLevel } from "../../history/header.ts";
import type { Turn } from "./turn.ts";

/** Takes a turn to be had later; settles with what came of it. */
export type TakeTurn = (turn: Turn) => Promise<unknown>;

/** Tells of each statement that goes to the server, as it goes. */
export type OnSent = (sql: string, params: readonly unknown[]) => void;

/**
 * A connection whose statements wait for their turn. BEGIN is no step of its own: it goes to the server with
 * the first statement after it. A statement that writes and would commit itself is opened into BEGIN and the
 * statement, and COMMIT: two steps, so that others can come between its execution and its commit.
 */
export class SteppedConnection implements Connection {
  readonly #inner: Connection;
  readonly #level: IsolationLevel;
  readonly #take: TakeTurn;
  readonly #sent: OnSent;
  /** The level of a transaction that was begun here and not on the server yet. */
  #pending: IsolationLevel | undefined;
  #inTransaction = false;

  constructor(inner: Connection, level: IsolationLevel, take: TakeTurn, sent: OnSent) {
    this.#inner = inner;
    this.#level = level;
    this.#take = take;
    this.#sent = sent;
  }

  get sessionId(): number {
    return this.#inner.sessionId;
  }

  get localPort(): number | undefined {
    return this.#inner.localPort;
  }

  get usable(): boolean {
    return this.#inner.usable;
  }

  begin(isolation: IsolationLevel): Promise<void> {
    this.#pending = isolation;
    return Promise.resolve();
  }

  async query<R extends Row = Row>(sql: string, params: readonly unknown[] = []): Promise<QueryResult<R>> {
    const opened = this.#pending === undefined && !this.#inTransaction && commitsItself.test(sql);
    if (opened) this.#pending = this.#level;
    const isInTransaction = this.#pending !== undefined || this.#inTransaction;
    const first = this.#pending !== undefined || !this.#inTransaction;
    const run = async (): Promise<QueryResult<R>> => {
      const level = this.#begun();
      this.#sent(sql, params);
      try {
        return await (level === undefined
          ? this.#inner.query<R>(sql, params)
          : this.#inner.beginWith<R>(level, sql, params));
      } catch (error) {
        if (opened) {
          this.#inTransaction = false;
          await this.#inner.rollback().catch(() => undefined);
          // If the statement was only taken back, it will be sent again.
          this.#pending = this.#level;
        }
        throw error;
      }
    };
    try {
      const result = (await this.#take({
        kind: "query",
        sql,
        first,
        isInTransaction,
        run,
      })) as QueryResult<R>;
      if (opened) await this.commit();
      return result;
    } catch (error) {
      if (opened && this.#pending !== undefined) {
        this.#pending = undefined;
        this.#sent("ROLLBACK", []);
      }
      throw error;
    }
  }

  async beginWith<R extends Row = Row>(
    isolation: IsolationLevel,
    sql: string,
    params: readonly unknown[] = [],
  ): Promise<QueryResult<R>> {
    await this.begin(isolation);
    return this.query<R>(sql, params);
  }

  async commit(): Promise<void> {
    const run = async (): Promise<void> => {
      const level = this.#begun();
      if (level !== undefined) await this.#inner.begin(level);
      this.#sent("COMMIT", []);
      this.#inTransaction = false;
      await this.#inner.commit();
    };
    await this.#take({ kind: "commit", sql: null, first: false, isInTransaction: true, run });
  }

  async rollback(): Promise<void> {
    this.#pending = undefined;
    if (!this.#inTransaction) return;
    if (!this.#inner.usable) {
      this.#inTransaction = false;
      return;
    }
    const run = (): Promise<void> => this.#rollbackOnServer();
    await this.#take({ kind: "rollback", sql: null, first: false, isInTransaction: true, run });
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** The level at which a transaction has to be begun on the server now, if one has. */
  #begun(): IsolationLevel | undefined {
    const level = this.#pending;
    if (level === undefined) return undefined;
    this.#pending = undefined;
    this.#inTransaction = true;
    this.#sent("BEGIN", []);
    return level;
  }

  async #rollbackOnServer(): Promise<void> {
    this.#inTransaction = false;
    this.#sent("ROLLBACK", []);
    await this.#inner.rollback();
  }
}

/** No SELECT, which may lock but leaves nothing to be seen, and no DDL, which cannot be opened. */
const commitsItself = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:insert|update|delete|merge)\b/i;
