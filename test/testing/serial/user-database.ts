import mysql from "mysql2/promise";
import pg from "pg";

import type { Dialect, Row } from "../../../src/clients/database.ts";
import type { Catalogue } from "../../../src/testing/serial/catalogue.ts";
import { describeState } from "../../../src/testing/serial/describe-state.ts";
import type { Ask, Outcome, SessionEnding } from "../../../src/testing/serial/outcome.ts";
import { readState } from "../../../src/testing/serial/read-state.ts";
import { serialOracle, type SerialOracle } from "../../../src/testing/serial/serial-oracle.ts";
import { clock, freshRun } from "../../support/databases.ts";
import type { SharedServer } from "../../support/servers.ts";

/** One of a user's connections, by the driver that users have. */
export interface UserConnection {
  query(sql: string, params?: readonly unknown[]): Promise<UserResult>;
}

export interface UserResult {
  readonly rows: readonly Row[];
  /** What AUTO_INCREMENT made; undefined on PostgreSQL. */
  readonly insertId: number | undefined;
  /** As the driver gives it. */
  readonly raw: unknown;
}

export type UserFunction = (connection: UserConnection) => Promise<unknown>;

/** A schema or database of its own, as users have one, with two connections. */
export interface UserDatabase {
  readonly dialect: Dialect;
  readonly ask: Ask;
  readonly one: UserConnection;
  readonly other: UserConnection;
  execute(...statements: readonly string[]): Promise<void>;
}

export async function withUserDatabase<T>(
  server: SharedServer,
  body: (database: UserDatabase) => Promise<T>,
): Promise<T> {
  const name = `serial_${freshRun()}`;
  const opened = await (server.dialect === "postgres" ? openPostgres : openMysql)(server.url, name);
  try {
    return await body({
      ...opened,
      dialect: server.dialect,
      ask: async (sql) => (await opened.observer.query(sql)).rows,
      execute: async (...statements) => {
        for (const statement of statements) await opened.observer.query(statement);
      },
    });
  } finally {
    await opened.close();
  }
}

interface Opened {
  readonly observer: UserConnection;
  readonly one: UserConnection;
  readonly other: UserConnection;
  close(): Promise<void>;
}

async function openPostgres(url: string, schema: string): Promise<Opened> {
  const clients = [0, 1, 2].map(() => new pg.Client({ connectionString: url }));
  for (const client of clients) await client.connect();
  await clients[0]!.query(`create schema ${schema}`);
  for (const client of clients) await client.query(`set search_path to ${schema}`);
  const [observer, one, other] = clients.map((client): UserConnection => ({
    query: async (sql, params = []) => {
      const raw = await client.query<Row>(sql, [...params]);
      return { rows: raw.rows, insertId: undefined, raw };
    },
  }));
  return {
    observer: observer!,
    one: one!,
    other: other!,
    close: async () => {
      await clients[0]!.query(`drop schema ${schema} cascade`);
      for (const client of clients) await client.end();
    },
  };
}

async function openMysql(url: string, database: string): Promise<Opened> {
  const clients = await Promise.all([0, 1, 2].map(() => mysql.createConnection(url)));
  await clients[0]!.query(`create database ${database}`);
  for (const client of clients) await client.query(`use ${database}`);
  const [observer, one, other] = clients.map((client): UserConnection => ({
    query: async (sql, params = []) => {
      const raw = await client.query(sql, [...params]);
      const [answer] = raw;
      const rows = Array.isArray(answer) ? (answer as readonly Row[]) : [];
      return { rows, insertId: "insertId" in answer ? answer.insertId : undefined, raw };
    },
  }));
  return {
    observer: observer!,
    one: one!,
    other: other!,
    close: async () => {
      await clients[0]!.query(`drop database ${database}`);
      for (const client of clients) await client.end();
    },
  };
}

/** What a test races: a set-up and functions. */
export interface Case {
  /** Made once. */
  readonly schema: readonly string[];
  /** Run before every execution. */
  readonly setup: readonly string[];
  readonly functions: readonly UserFunction[];
  readonly ignore?: readonly string[];
}

/** A case on a database: its oracle, and how to make an outcome by hand. */
export interface Staged {
  readonly oracle: SerialOracle;
  readonly catalogue: Catalogue;
  /** Sets up, runs the body, reads what it left. */
  readonly outcome: (body: () => Promise<readonly (SessionEnding | undefined)[]>) => Promise<Outcome>;
  /** Every order that was run serially. */
  readonly orders: readonly string[];
}

export async function stage(
  database: UserDatabase,
  { schema, setup, functions, ignore = [] }: Case,
): Promise<Staged> {
  await database.execute(...schema, ...setup);
  const { ask, dialect } = database;
  const catalogue = await describeState(ask, dialect);
  const orders: string[] = [];
  const outcome: Staged["outcome"] = async (body) => {
    await database.execute(...setup);
    const before = await readState(ask, catalogue);
    const sessions = await body();
    return { sessions, state: await readState(ask, catalogue), setup: before };
  };
  const oracle = serialOracle({
    sessions: functions.length,
    ask,
    catalogue,
    clock,
    ignore,
    run: async (order, prepare) => {
      orders.push(order.join(""));
      await database.execute(...setup);
      await prepare();
      const sessions: SessionEnding[] = [];
      for (const session of order) sessions[session] = await ended(functions[session]!(database.one));
      return { sessions, state: await readState(ask, catalogue) };
    },
  });
  return { oracle, catalogue, outcome, orders };
}

/** How a function ended that made nothing permanent if it threw. */
export function ended(promise: Promise<unknown>): Promise<SessionEnding> {
  return promise.then(
    (value): SessionEnding => ({ type: "returned", value }),
    (error: unknown): SessionEnding => ({ type: "threw", error, committed: false }),
  );
}

/** One function after another, each on a connection of its own, and how they ended. */
export function oneThenOther(
  { one, other }: UserDatabase,
  first: UserFunction,
  second: UserFunction,
): () => Promise<readonly SessionEnding[]> {
  return async () => [await ended(first(one)), await ended(second(other))];
}

export function returned(value: unknown): SessionEnding {
  return { type: "returned", value };
}
