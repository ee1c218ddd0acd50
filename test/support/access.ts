import mysqlCallbacks from "mysql2";
import mysql from "mysql2/promise";
import pg from "pg";

import type { RaceDatabase } from "../../src/testing/race-target.ts";
import type { RaceServer } from "./race-servers.ts";

/** A row as a driver answers it. */
export type Row = Readonly<Record<string, unknown>>;

/** What a statement answers, whichever driver it was sent with. */
export interface Told {
  readonly rows: readonly Row[];
  readonly affected: number;
}

/** Sends a statement with `$1`, `$2`, … for its parameters. */
export type Send = (sql: string, params?: readonly unknown[]) => Promise<Told>;

/** One way in which an application talks to its database. */
export interface Access {
  /** What a race is held on: the application's pool, or the URL where it has none. */
  readonly database: RaceDatabase;
  /** A statement by itself. */
  readonly query: Send;
  /** Statements in a transaction on one connection: committed at the end, rolled back when it throws. */
  transaction<T>(body: (send: Send) => Promise<T>, begin?: string): Promise<T>;
  close(): Promise<void>;
}

/** A way of talking to a database, by what it is called. */
export interface AccessKind {
  readonly name: string;
  readonly server: RaceServer["kind"];
  readonly open: (url: string, connections?: number) => Access;
}

interface PgAnswer {
  readonly rows: readonly Row[];
  readonly rowCount: number | null;
}

const told = ({ rows, rowCount }: PgAnswer): Told => ({ rows, affected: rowCount ?? 0 });

async function inTransaction<T>(send: Send, begin: string, body: (send: Send) => Promise<T>): Promise<T> {
  await send(begin);
  try {
    const result = await body(send);
    await send("commit");
    return result;
  } catch (error) {
    await send("rollback");
    throw error;
  }
}

function pgPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  // A connection that idles while its server stops.
  pool.on("error", () => undefined);
  return pool;
}

const pgPromises: AccessKind = {
  name: "pg Pool, promises",
  server: "postgres",
  open: (url, connections = 4) => {
    const pool = pgPool(url, connections);
    return {
      database: pool,
      query: async (sql, params = []) => told(await pool.query(sql, [...params])),
      transaction: async (body, begin = "begin") => {
        const client = await pool.connect();
        try {
          const send: Send = async (sql, params = []) => told(await client.query(sql, [...params]));
          return await inTransaction(send, begin, body);
        } finally {
          client.release();
        }
      },
      close: () => pool.end(),
    };
  },
};

const pgCallbacks: AccessKind = {
  name: "pg Pool, callbacks",
  server: "postgres",
  open: (url, connections = 4) => {
    const pool = pgPool(url, connections);
    const over =
      (target: pg.Pool | pg.PoolClient): Send =>
      (sql, params = []) =>
        new Promise((resolve, reject) => {
          target.query(sql, [...params], (error: Error | null, result: PgAnswer) => {
            if (error) reject(error);
            else resolve(told(result));
          });
        });
    return {
      database: pool,
      query: over(pool),
      transaction: (body, begin = "begin") =>
        new Promise((resolve, reject) => {
          pool.connect((error, client, release) => {
            if (error || client === undefined) {
              reject(error ?? new Error("there is no client"));
              return;
            }
            inTransaction(over(client), begin, body)
              .finally(() => {
                release();
              })
              .then(resolve, reject);
          });
        }),
      close: () => pool.end(),
    };
  },
};

/** A client for each transaction and each statement, as a script or an ORM with a pool of its own has it. */
const pgClients: AccessKind = {
  name: "pg Client of its own",
  server: "postgres",
  open: (url) => {
    const onClient = async <T>(work: (send: Send) => Promise<T>): Promise<T> => {
      const client = new pg.Client(url);
      await client.connect();
      try {
        return await work(async (sql, params = []) => told(await client.query(sql, [...params])));
      } finally {
        await client.end();
      }
    };
    return {
      database: url,
      query: (sql, params) => onClient((send) => send(sql, params)),
      transaction: (body, begin = "begin") => onClient((send) => inTransaction(send, begin, body)),
      close: () => Promise.resolve(),
    };
  },
};

const placeholders = (sql: string): string => sql.replaceAll(/\$\d+/g, "?");

function toldByMysql(answer: unknown): Told {
  if (Array.isArray(answer)) return { rows: answer as readonly Row[], affected: 0 };
  return { rows: [], affected: (answer as { readonly affectedRows: number }).affectedRows };
}

function mysqlPromises(method: "query" | "execute"): AccessKind {
  return {
    name: `mysql2/promise, ${method}`,
    server: "mariadb",
    open: (url, connections = 4) => {
      const pool = mysql.createPool({ uri: url, connectionLimit: connections });
      const over =
        (target: mysql.Pool | mysql.PoolConnection): Send =>
        async (sql, params = []) => {
          const values = [...params] as string[];
          const [answer] = await (method === "query"
            ? target.query(placeholders(sql), values)
            : target.execute(placeholders(sql), values));
          return toldByMysql(answer);
        };
      return {
        database: pool,
        query: over(pool),
        transaction: async (body, begin = "start transaction") => {
          const connection = await pool.getConnection();
          try {
            // The server does not prepare every kind of statement.
            const send = over(connection);
            const plain: Send = async (sql) => toldByMysql((await connection.query(sql))[0]);
            const either: Send = (sql, params) =>
              /^(?:start|begin|commit|rollback|savepoint|release|set)\b/i.test(sql)
                ? plain(sql)
                : send(sql, params);
            return await inTransaction(either, begin, body);
          } finally {
            connection.release();
          }
        },
        close: () => pool.end(),
      };
    },
  };
}

const mysqlWithCallbacks: AccessKind = {
  name: "mysql2, callbacks",
  server: "mariadb",
  open: (url, connections = 4) => {
    const pool = mysqlCallbacks.createPool({ uri: url, connectionLimit: connections });
    const over =
      (target: mysqlCallbacks.Pool | mysqlCallbacks.PoolConnection): Send =>
      (sql, params = []) =>
        new Promise((resolve, reject) => {
          target.query(placeholders(sql), [...params], (error, answer) => {
            if (error) reject(error);
            else resolve(toldByMysql(answer));
          });
        });
    return {
      database: pool,
      query: over(pool),
      transaction: (body, begin = "start transaction") =>
        new Promise((resolve, reject) => {
          pool.getConnection((error, connection) => {
            if (error) {
              reject(error);
              return;
            }
            inTransaction(over(connection), begin, body)
              .finally(() => {
                connection.release();
              })
              .then(resolve, reject);
          });
        }),
      close: () =>
        new Promise((resolve, reject) => {
          pool.end((error) => {
            if (error) reject(error);
            else resolve();
          });
        }),
    };
  },
};

/** All the ways there are. */
export const everyAccess: readonly AccessKind[] = [
  pgPromises,
  pgCallbacks,
  pgClients,
  mysqlPromises("query"),
  mysqlPromises("execute"),
  mysqlWithCallbacks,
];

/** The usual way on each server. */
export const usualAccess: readonly AccessKind[] = [pgPromises, mysqlPromises("query")];
