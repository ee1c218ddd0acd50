import type { IsolationLevel } from "../history/header.ts";
import { DatabaseError, type Outcome, type Phase } from "./database-error.ts";
import type { Connection, QueryResult, Row } from "./database.ts";
import { type Parameter, toParameters } from "./parameters.ts";
import type { Reply, Rules, Wire } from "./wire.ts";

/**
 * - `idle`: no transaction; a statement commits itself.
 * - `open`: between begin and its end.
 * - `over`: the server ended the transaction, its body has not noticed: nothing may be sent for it.
 */
type State = "idle" | "open" | "over";

/**
 * The one implementation of {@link Connection}: it knows which phase a statement is in, and so what an
 * error proves, and it never lets a statement of a transaction body run outside the transaction.
 */
export class Session implements Connection {
  readonly #wire: Wire;
  readonly #rules: Rules;
  readonly #level: IsolationLevel;
  #state: State = "idle";
  /** What is proven of a transaction that is `over`: indeterminate after an implicit commit. */
  #overOutcome: Outcome = "definite";
  #busy = false;
  #closed: Promise<void> | undefined;

  constructor(wire: Wire, rules: Rules, level: IsolationLevel) {
    this.#wire = wire;
    this.#rules = rules;
    this.#level = level;
  }

  get sessionId(): number {
    return this.#wire.sessionId;
  }

  get localPort(): number | undefined {
    return this.#wire.localPort;
  }

  get usable(): boolean {
    return this.#closed === undefined && this.#wire.lost === undefined;
  }

  begin(isolation: IsolationLevel): Promise<void> {
    return this.#alone(async () => {
      await this.#begin(isolation);
    });
  }

  query<R extends Row = Row>(sql: string, params: readonly unknown[] = []): Promise<QueryResult<R>> {
    return this.#alone(() => this.#query(sql, toParameters(params)));
  }

  beginWith<R extends Row = Row>(
    isolation: IsolationLevel,
    sql: string,
    params: readonly unknown[] = [],
  ): Promise<QueryResult<R>> {
    return this.#alone(async () => {
      const values = toParameters(params);
      const answer = await this.#begin(isolation, { sql, values });
      return this.#query(sql, values, answer);
    });
  }

  commit(): Promise<void> {
    return this.#alone(async () => {
      if (this.#state === "idle") throw new Error("commit() without a transaction: begin one first.");
      const before = this.#state;
      this.#state = "idle";
      this.#requireConnection("commit");
      if (before === "over") throw rolledBack(this.#overOutcome);
      let tag: string | undefined;
      try {
        ({ tag } = await this.#wire.send("COMMIT"));
      } catch (error) {
        const failure = this.#classify(error, "commit");
        // Whatever the answer meant, nothing may be left open for the next statement to fall into.
        if (!failure.fields.connectionLost) await this.#wire.send("ROLLBACK").catch(() => this.#wire.end());
        throw failure;
      }
      if (tag === "ROLLBACK") throw rolledBack("definite");
    });
  }

  rollback(): Promise<void> {
    return this.#alone(async () => {
      const before = this.#state;
      this.#state = "idle";
      if (before === "idle") return;
      this.#requireConnection("statement");
      if (before === "over") return;
      try {
        await this.#wire.send("ROLLBACK");
      } catch (error) {
        throw this.#classify(error, "statement");
      }
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#wire.end();
    return this.#closed;
  }

  /**
   * @param first the statement to go along with BEGIN where the protocol lets it
   * @returns its answer, if it went along
   */
  async #begin(isolation: IsolationLevel, first?: First): Promise<Answer | undefined> {
    if (this.#state === "open") throw new Error("begin() inside a transaction: commit or roll back first.");
    this.#state = "idle";
    this.#requireConnection("statement");
    const statements = this.#rules.begin(isolation === this.#level ? undefined : isolation);
    const [begin = "BEGIN"] = statements;
    let answer: Promise<Reply> | undefined;
    try {
      if (first !== undefined && statements.length === 1 && this.#wire.sendTogether !== undefined) {
        const [begun, reply] = this.#wire.sendTogether(begin, first.sql, first.values);
        answer = reply;
        // It is looked at once BEGIN has been answered; until then nobody handles its failure.
        answer.catch(() => undefined);
        await begun;
      } else for (const sql of statements) await this.#wire.send(sql);
    } catch (error) {
      const failure = this.#classify(error, "statement");
      // Where BEGIN failed the statement that went along was carried out by itself, and may have committed.
      await answer?.catch(() => undefined);
      // A level that was set for the next transaction must not reach another one.
      await this.#wire.end();
      throw answer === undefined ? failure : withOutcome(failure, "indeterminate");
    }
    this.#state = "open";
    return answer === undefined ? undefined : { reply: answer };
  }

  async #query<R extends Row>(
    sql: string,
    values: readonly Parameter[],
    answer?: Answer,
  ): Promise<QueryResult<R>> {
    const inTransaction = this.#state !== "idle";
    if (answer === undefined) {
      this.#requireConnection(inTransaction ? "statement" : "autocommit");
      if (this.#state === "over") throw transactionOver(this.#overOutcome);
    }
    const reply = await (answer?.reply ?? this.#wire.send(sql, values)).catch((error: unknown) =>
      this.#failed(error, sql, inTransaction),
    );
    if (this.#wire.inTransaction === !inTransaction) await this.#refuseBoundary(inTransaction);
    return { rows: reply.rows as readonly R[], affected: reply.affected };
  }

  /** A statement failed: makes the transaction safe, and throws what the error proves. */
  async #failed(original: unknown, sql: string, inTransaction: boolean): Promise<never> {
    const error = this.#classify(original, inTransaction ? "statement" : "autocommit");
    if (!inTransaction && mayCommitInParts(sql)) throw withOutcome(error, "indeterminate");
    if (!inTransaction || error.fields.connectionLost) throw error;
    const aftermath = await this.#rules.aftermath(this.#wire, error).catch(() => "unknown" as const);
    if (aftermath !== "open") this.#end(aftermath === "unknown" ? "indeterminate" : "definite");
    throw aftermath === "unknown" ? withOutcome(error, "indeterminate") : error;
  }

  /** A statement began or ended a transaction behind our back: no later statement may run in that state. */
  async #refuseBoundary(inTransaction: boolean): Promise<never> {
    if (inTransaction) {
      this.#end("indeterminate");
      throw endedByStatement();
    }
    await this.#wire.send("ROLLBACK");
    throw new Error("The statement began a transaction: use begin(), so that its end is recorded.");
  }

  #end(outcome: Outcome): void {
    this.#state = "over";
    this.#overOutcome = outcome;
  }

  #classify(error: unknown, phase: Phase): DatabaseError {
    return this.#rules.classify(error, phase, this.#wire.lost !== undefined);
  }

  /** Nothing was sent, so the outcome is definite whatever was about to be sent. */
  #requireConnection(phase: Phase): void {
    if (this.usable) return;
    const { lost } = this.#wire;
    const error = this.#rules.classify(lost ?? new Error("the connection was closed"), phase, true);
    throw withOutcome(error, "definite");
  }

  /** One call at a time: two statements under way at once have no order that a history could record. */
  async #alone<T>(call: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new Error("Two calls overlap on one connection: await each before the next.");
    this.#busy = true;
    try {
      return await call();
    } finally {
      this.#busy = false;
    }
  }
}

/** The first statement of a transaction. */
interface First {
  readonly sql: string;
  readonly values: readonly Parameter[];
}

/** The answer to a statement that is under way; in an object, so that nobody awaits it by accident. */
interface Answer {
  readonly reply: Promise<Reply>;
}

/**
 * Procedures and several statements in one string can commit some of their work and then fail; so can a DROP of
 * several tables and a CREATE OR REPLACE in MySQL and MariaDB.
 */
function mayCommitInParts(sql: string): boolean {
  // A comment that begins with an exclamation mark is carried out by MySQL and MariaDB.
  const start = sql.replace(/^(?:\s|\/\*(?!M?!).*?\*\/|(?:--|#)[^\n]*(?:\n|$))*/s, "");
  return /^(?:call|do|execute|drop|create\s+or\s+replace)\b|^\/\*|;\s*\S/i.test(start);
}

function withOutcome(error: DatabaseError, outcome: Outcome): DatabaseError {
  return new DatabaseError(error.message, { ...error.fields, outcome }, error.cause);
}

function rolledBack(outcome: Outcome): DatabaseError {
  return new DatabaseError("The transaction had ended before COMMIT: a statement in it had failed.", {
    cause: "rolled-back",
    phase: "commit",
    outcome,
    code: undefined,
    connectionLost: false,
  });
}

function transactionOver(outcome: Outcome): DatabaseError {
  return new DatabaseError(
    "The server has ended this transaction, and the statement was not sent: roll back and begin again.",
    {
      cause: "transaction-aborted",
      phase: "statement",
      outcome,
      code: undefined,
      connectionLost: false,
    },
  );
}

function endedByStatement(): DatabaseError {
  return new DatabaseError(
    "The statement ended the transaction (COMMIT, ROLLBACK or a schema change inside it): take it out of the transaction.",
    {
      cause: "ended-by-statement",
      phase: "statement",
      outcome: "indeterminate",
      code: undefined,
      connectionLost: false,
    },
  );
}
