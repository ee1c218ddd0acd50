import type { Answer, Call, Line } from "./call.ts";
import { currentHolder, tellOfStray } from "./holder-context.ts";
import { namedRow } from "./named-row.ts";
import { comesBy, isOriginal } from "./own-query.ts";
import { bound, boundCallback, patchMethod, type Method } from "./patch.ts";

/** A client of `pg`, as far as it is used here. */
interface PgClient {
  readonly processID?: number | null;
  readonly connection?: { readonly stream?: { destroy?(): void } };
  once(event: string, listener: () => void): void;
  removeListener(event: string, listener: () => void): void;
}

type PgCallback = (error: Error | null | undefined, result?: unknown) => void;

/** What `client.query` is asked with, in the form that has a text. */
interface PgConfig {
  readonly text?: unknown;
  readonly values?: unknown;
  readonly callback?: unknown;
  readonly submit?: unknown;
}

/**
 * Lets each statement of a session's code wait for its turn: `Client.prototype.query`, in its forms with a promise
 * and with a callback. Everybody else's statements go through at once.
 *
 * @returns what undoes it
 */
export function instrumentPgClient(prototype: object): () => void {
  const connect = patchMethod(prototype, "connect", connecting);
  const query = patchMethod(prototype, "query", (original) => {
    isOriginal(original);
    const send = (client: PgClient, ...args: unknown[]): unknown => original.apply(client, args);
    return function query(this: unknown, ...args: unknown[]): unknown {
      comesBy(this as object);
      const [config, values, callback] = args as [PgConfig | string | null | undefined, unknown, unknown];
      const holder = currentHolder(typeof config === "string" ? config : config?.text);
      if (holder === undefined || config === undefined || config === null) {
        if (lines.has(this as PgClient)) tellOfStray(typeof config === "string" ? config : config?.text);
        return original.apply(this, bound(args));
      }
      const client = this as PgClient;
      if (typeof config === "object" && typeof config.submit === "function") throw new Error(portals);
      const given = typeof values === "function" ? values : (callback ?? callbackOf(config));
      const answer = holder.take(
        callOf(client, send, config, typeof values === "function" ? undefined : values),
      );
      if (typeof given !== "function") return answer.then(({ raw }) => raw, rethrow);
      const tell = boundCallback(given as PgCallback);
      answer.then(
        ({ raw }) => {
          tell(null, raw);
        },
        (error: unknown) => {
          tell(error as Error, undefined);
        },
      );
      return undefined;
    };
  });
  return () => {
    query();
    connect();
  };
}

/** A session that connects waits for the server. */
function connecting(original: Method): Method {
  return function connect(this: unknown, ...args: unknown[]): unknown {
    const holder = currentHolder();
    if (holder === undefined) return original.apply(this, bound(args));
    const over = holder.awaitsConnection(false);
    const [callback] = args;
    if (typeof callback === "function") {
      const tell = boundCallback(callback as Method);
      return original.call(this, (...told: unknown[]) => {
        over();
        return tell.apply(this, told);
      });
    }
    return (original.call(this) as Promise<unknown>).finally(() => {
      over();
    });
  };
}

const portals =
  "isolab cannot take a cursor or a query stream step by step: it reads its rows in several goes. Read them with one query in the code under test.";

function callbackOf(config: PgConfig | string): unknown {
  return typeof config === "string" ? undefined : config.callback;
}

/** The error of the driver with the stack of whoever awaits it, as `pg` itself does it. */
function rethrow(error: unknown): never {
  if (error instanceof Error) Error.captureStackTrace(error, rethrow);
  throw error;
}

type Send = (client: PgClient, ...args: unknown[]) => unknown;

function callOf(client: PgClient, send: Send, config: PgConfig | string, values: unknown): Call {
  const text = typeof config === "string" ? config : String(config.text);
  const params = values ?? (typeof config === "string" ? undefined : config.values);
  return {
    line: lineOf(client, send),
    sql: text,
    params: Array.isArray(params) ? (params as readonly unknown[]) : [],
    send: (sql) =>
      new Promise<Answer>((resolve, reject) => {
        send(
          client,
          withText(config, text, sql),
          values,
          (error: Error | null | undefined, result: unknown) => {
            if (error === null || error === undefined) resolve(answerOf(result));
            else
              whenReady(client, () => {
                reject(error);
              });
          },
        );
      }),
  };
}

/** The same question with another text; a statement that is prepared by name may not be known by two texts. */
function withText(config: PgConfig | string, before: string, sql: string): PgConfig | string {
  if (typeof config === "string") return sql;
  const own: PropertyDescriptorMap = {
    ...Object.getOwnPropertyDescriptors(config),
    callback: replaced(undefined),
  };
  if (sql !== before) {
    own.text = replaced(sql);
    own.name = replaced(undefined);
  }
  return Object.create(Object.getPrototypeOf(config) as object, own) as PgConfig;
}

/** A property as an assignment makes it: `pg` writes its callback into the question that it is given. */
function replaced(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, writable: true, configurable: true };
}

const lines = new WeakMap<PgClient, Line>();

function lineOf(client: PgClient, send: Send): Line {
  const known = lines.get(client);
  if (known !== undefined) return known;
  const line: Line = {
    dialect: "postgres",
    get serverId() {
      return client.processID ?? undefined;
    },
    ask: (sql) =>
      new Promise((resolve, reject) => {
        send(client, sql, undefined, (error: Error | null | undefined, result: unknown) => {
          if (error === null || error === undefined) resolve(answerOf(result).rows);
          else
            whenReady(client, () => {
              reject(error);
            });
        });
      }),
    destroy: () => client.connection?.stream?.destroy?.(),
  };
  lines.set(client, line);
  return line;
}

function answerOf(result: unknown): Answer {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result;
  const { rows, fields, rowCount, command } = (last ?? {}) as {
    rows?: unknown;
    fields?: unknown;
    rowCount?: number | null;
    command?: string;
  };
  const written = ["INSERT", "UPDATE", "DELETE", "MERGE"].includes(command ?? "");
  return {
    rows: Array.isArray(rows) ? rows.map((row) => namedRow(row, fields)) : [],
    affected: written ? (rowCount ?? 0) : 0,
    raw: result,
  };
}

/**
 * `pg` reports an error when it arrives; the server rolls back and lets go of its locks after that, and then says that
 * it is ready, which is what `drain` stands for.
 */
function whenReady(client: PgClient, callback: () => void): void {
  const events = ["drain", "end", "error"] as const;
  const once = (): void => {
    for (const event of events) client.removeListener(event, once);
    callback();
  };
  if (isReady(client)) callback();
  else for (const event of events) client.once(event, once);
}

/** Ready for a query, or never again. */
function isReady(client: PgClient): boolean {
  const { readyForQuery, _queryable, _ending } = client as {
    readyForQuery?: boolean;
    _queryable?: boolean;
    _ending?: boolean;
  };
  return readyForQuery === true || _queryable === false || _ending === true;
}
