import { createConnection, escape, type Connection, type ConnectionOptions } from "mysql2";

import type { Clock } from "../../clock/clock.ts";
import type { Row } from "../database.ts";
import type { Parameter } from "../parameters.ts";
import { inlineLiterals } from "../placeholders.ts";
import { giveUpUnanswered } from "../answer-timeout.ts";
import { field } from "../error-table.ts";
import type { Route } from "../side.ts";
import type { Target, Tls } from "../target.ts";
import type { Reply, Wire } from "../wire.ts";

export interface WireOptions {
  readonly target: Target;
  /** The database to begin in; the URL's when undefined. */
  readonly database: string | undefined;
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
  /** To the target, with endless patience, unless given. */
  readonly route?: Route | undefined;
}

/** How long a session that was told to end may take before its socket is cut. */
const goodbyeMs = 2000;

/** Bit of the server's status flags: a transaction is open (MySQL client/server protocol, status flags). */
const inTransactionFlag = 1;

/**
 * Connects with `mysql2`, without a pool.
 *
 * Values come back as the driver makes them: DECIMAL (which `SUM` of integers answers too) as a string, BIGINT
 * as a number where that is exact and as a string elsewhere, JSON parsed on both MySQL and MariaDB, BOOLEAN as
 * the number it is. `affectedRows` counts matched rows, because the driver asks for FOUND_ROWS.
 *
 * @throws the driver's error
 */
export async function openWire(options: WireOptions): Promise<Wire> {
  const connection = createConnection(connectionOptions(options));
  const wire = new MysqlWire(connection, options);
  try {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
    return wire;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

function connectionOptions({ target, database, connectTimeoutMs, route }: WireOptions): ConnectionOptions {
  const name = database ?? target.database;
  const ssl = tlsOptions(target.tls);
  const { host, port } = route?.address ?? target;
  return {
    host,
    port,
    connectTimeout: connectTimeoutMs,
    supportBigNumbers: true,
    // FOUND_ROWS is the driver's default, and named here because optimistic locks depend on it. A server
    // must not be able to ask for files of this machine.
    flags: ["FOUND_ROWS", "-LOCAL_FILES"],
    ...(target.user === undefined ? {} : { user: target.user }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(name === undefined ? {} : { database: name }),
    ...(ssl === undefined ? {} : { ssl }),
  };
}

function tlsOptions(tls: Tls): ConnectionOptions["ssl"] {
  switch (tls) {
    case "off":
      return undefined;
    case "encrypt":
      return { rejectUnauthorized: false };
    case "verify-ca":
      return { rejectUnauthorized: true };
    case "verify-full":
      return { rejectUnauthorized: true, verifyIdentity: true };
  }
}

class MysqlWire implements Wire {
  lost: unknown = undefined;
  inTransaction: boolean | undefined = undefined;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #answerTimeoutMs: number | undefined;
  /** Rejects the statement under way: the driver forgets it when we cut the connection ourselves. */
  #abandon: ((error: Error) => void) | undefined;

  constructor(connection: Connection, { clock, route }: WireOptions) {
    this.#connection = connection;
    this.#clock = clock;
    this.#answerTimeoutMs = route?.answerTimeoutMs;
    // Without a listener the loss of an idle session would end the whole process.
    connection.on("error", (error) => {
      this.lost ??= error;
    });
    connection.on("end", () => {
      this.lost ??= new Error("the connection was closed");
    });
  }

  get sessionId(): number {
    return this.#connection.threadId;
  }

  get localPort(): number | undefined {
    // The driver's types do not have the socket.
    const port = field(field(this.#connection, "stream"), "localPort");
    return typeof port === "number" ? port : undefined;
  }

  send(sql: string, params: readonly unknown[] = []): Promise<Reply> {
    return giveUpUnanswered(this.#answer(sql, params), this.#answerTimeoutMs, this.#clock, (error) => {
      this.lost ??= error;
      this.#abandon = undefined;
      this.#connection.destroy();
    });
  }

  #answer(sql: string, params: readonly unknown[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const text = params.length === 0 ? sql : inlineLiterals(sql, params as readonly Parameter[], literal);
      this.#abandon = reject;
      this.#connection.query({ sql: text }, (error: Error | null, result: unknown) => {
        this.#abandon = undefined;
        this.inTransaction = error === null ? transactionFlag(result) : undefined;
        if (error === null) resolve(toReply(sql, result));
        else {
          if ((error as { fatal?: unknown }).fatal === true) this.lost ??= error;
          reject(error);
        }
      });
    });
  }

  async end(): Promise<void> {
    const closed = new Error("the connection was closed");
    if (this.lost === undefined && this.#abandon === undefined) await this.#sayGoodbye();
    this.lost ??= closed;
    this.#connection.destroy();
    this.#abandon?.(closed);
  }

  async #sayGoodbye(): Promise<void> {
    const giveUp = new AbortController();
    await Promise.race([
      new Promise<void>((resolve) => {
        for (const event of ["end", "error"]) this.#connection.once(event, resolve);
        this.#connection.end();
      }),
      this.#clock.sleep(goodbyeMs, giveUp.signal).catch(() => undefined),
    ]);
    giveUp.abort();
  }
}

/** A value as a literal. The session refuses NO_BACKSLASH_ESCAPES, under which this would not be safe. */
function literal(value: Parameter): string {
  if (Array.isArray(value)) return escape(JSON.stringify(value));
  return escape(
    value instanceof Uint8Array ? Buffer.from(value) : (value as string | number | boolean | Date),
  );
}

/** A read is not answered with the server's status, only what changes something is. */
function transactionFlag(result: unknown): boolean | undefined {
  // A procedure's list of results ends with the one that has the status.
  const last: unknown = Array.isArray(result) ? result.at(-1) : result;
  const status = isHeader(last) ? last.serverStatus : undefined;
  return status === undefined ? undefined : (status & inTransactionFlag) !== 0;
}

interface ResultHeader {
  readonly affectedRows: number;
  readonly serverStatus?: number;
}

function isHeader(result: unknown): result is ResultHeader {
  return typeof result === "object" && result !== null && "affectedRows" in result;
}

function toReply(sql: string, result: unknown): Reply {
  if (isHeader(result)) return { rows: [], affected: result.affectedRows, tag: undefined };
  const first: unknown = Array.isArray(result) ? result[0] : undefined;
  // A stored procedure answers a list of results; the first holds its rows.
  const rows = (Array.isArray(first) ? first : result) as readonly Row[];
  // INSERT … RETURNING (MariaDB) answers rows and no count: there is one row for each that was written.
  return { rows, affected: /^\s*(?:insert|replace|delete)\b/i.test(sql) ? rows.length : 0, tag: undefined };
}
