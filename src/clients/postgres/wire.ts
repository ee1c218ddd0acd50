import { Socket } from "node:net";

import pg from "pg";

import type { Clock } from "../../clock/clock.ts";
import type { Row } from "../database.ts";
import { giveUpUnanswered } from "../answer-timeout.ts";
import type { Route } from "../side.ts";
import type { Target, Tls } from "../target.ts";
import type { Reply, Wire } from "../wire.ts";
import { types } from "./types.ts";

export interface WireOptions {
  readonly target: Target;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
  /** To the target, with endless patience, unless given. */
  readonly route?: Route | undefined;
}

/** How long a session that was told to end may take before its socket is cut. */
const goodbyeMs = 2000;

/**
 * Connects with `pg`. The id is asked of the server, for a connection pooler in between makes up its own.
 *
 * @throws the driver's error
 */
export async function openWire(options: WireOptions): Promise<Wire> {
  const socket = new Socket();
  const client = new pg.Client(clientConfig(options, socket));
  const wire = new PostgresWire(client, socket, options);
  try {
    await client.connect();
    const { rows } = await wire.send("select pg_backend_pid() as id");
    wire.sessionId = Number(rows[0]?.id);
    return wire;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function clientConfig(options: WireOptions, socket: Socket): pg.ClientConfig {
  const { target, route } = options;
  const { host, port } = route?.address ?? target;
  return {
    host,
    port,
    user: target.user,
    password: target.password,
    database: target.database,
    ssl: tlsOptions(target.tls),
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    pipeline: true,
    types,
    stream: () => socket,
  };
}

function tlsOptions(tls: Tls): pg.ClientConfig["ssl"] {
  switch (tls) {
    case "off":
      return false;
    case "encrypt":
      return { rejectUnauthorized: false };
    case "verify-ca":
      return { checkServerIdentity: () => undefined };
    case "verify-full":
      return true;
  }
}

class PostgresWire implements Wire {
  sessionId = 0;
  lost: unknown = undefined;
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #answerTimeoutMs: number | undefined;

  constructor(client: pg.Client, socket: Socket, { clock, route }: WireOptions) {
    this.#client = client;
    this.#socket = socket;
    this.#clock = clock;
    this.#answerTimeoutMs = route?.answerTimeoutMs;
    // Without a listener the loss of an idle session would end the whole process.
    client.on("error", (error) => {
      this.lost ??= error;
    });
    client.on("end", () => {
      this.lost ??= new Error("the connection was closed");
    });
  }

  get inTransaction(): boolean | undefined {
    const status: unknown = this.#client.getTransactionStatus();
    return status === null ? undefined : status !== "I";
  }

  get localPort(): number | undefined {
    return this.#socket.localPort;
  }

  send(sql: string, params: readonly unknown[] = []): Promise<Reply> {
    return giveUpUnanswered(this.#answer(sql, params), this.#answerTimeoutMs, this.#clock, (error) => {
      this.lost ??= error;
      this.#socket.destroy();
    });
  }

  #answer(sql: string, params: readonly unknown[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#client.query({ text: sql, values: [...params] }, (error: Error | null, result: unknown) => {
        if (error === null) resolve(toReply(result));
        else
          this.#whenReady(() => {
            reject(error);
          });
      });
    });
  }

  sendTogether(first: string, sql: string, params: readonly unknown[]): [Promise<Reply>, Promise<Reply>] {
    this.#socket.cork();
    try {
      return [this.send(first), this.send(sql, params)];
    } finally {
      this.#socket.uncork();
    }
  }

  async end(): Promise<void> {
    const giveUp = new AbortController();
    await Promise.race([
      this.#client.end().catch(() => undefined),
      this.#clock.sleep(goodbyeMs, giveUp.signal).catch(() => undefined),
    ]);
    giveUp.abort();
    this.#socket.destroy();
    this.lost ??= new Error("the connection was closed");
  }

  /**
   * `pg` reports an error when ErrorResponse arrives. The server rolls back and lets go of its locks only
   * after that, and then says ReadyForQuery, which is what `drain` stands for.
   */
  #whenReady(callback: () => void): void {
    if (this.lost !== undefined) {
      callback();
      return;
    }
    const once = (): void => {
      for (const event of ["drain", "end", "error"] as const) this.#client.removeListener(event, once);
      callback();
    };
    for (const event of ["drain", "end", "error"] as const) this.#client.once(event, once);
  }
}

function toReply(result: unknown): Reply {
  // Several statements in one string are answered by a list of results; the last one counts.
  const last = (Array.isArray(result) ? result.at(-1) : result) as pg.QueryResult<Row>;
  return {
    rows: last.rows,
    affected: counting.has(last.command) ? (last.rowCount ?? 0) : 0,
    tag: last.command,
  };
}

/** Command tags whose number is of rows that were written. */
const counting: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);
