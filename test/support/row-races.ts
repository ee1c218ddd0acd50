import mysql from "mysql2/promise";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";

import { realClock } from "../../src/clock/real-clock.ts";
import type { History } from "../../src/history/history.ts";
import type { Mop } from "../../src/history/operation.ts";
import { operationAt } from "../../src/history/operation-at.ts";
import { asItIs } from "../../src/testing/experiments/experiment.ts";
import { installInstruments } from "../../src/testing/instrument/install.ts";
import { aloneInProcess } from "../../src/testing/race-mutex.ts";
import { racePlan } from "../../src/testing/race-plan.ts";
import { Rehearsal } from "../../src/testing/race-rehearsal.ts";
import { searchRace, movesOf } from "../../src/testing/race-search.ts";
import { openRaceStage } from "../../src/testing/race-stage.ts";
import { raceTarget } from "../../src/testing/race-target.ts";
import { rowAnomalies } from "../../src/testing/rows/row-anomalies.ts";
import { setUpName } from "../../src/testing/rows/row-history.ts";
import { startServer, type TestServer } from "../../src/testing/start-server.ts";
import type { IsolationLevel } from "../../src/history/header.ts";

/** Sends a statement with `$1`, `$2`, … for its parameters; answers its rows. */
export type Send = (
  sql: string,
  params?: readonly unknown[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** An application on a throw-away server of the file's own. */
export interface RowApp {
  readonly kind: "postgres" | "mariadb";
  /** A statement by itself. */
  readonly alone: Send;
  /** A transaction: committed at the end, rolled back when it throws. */
  transaction<T>(body: (send: Send) => Promise<T>): Promise<T>;
  readonly pool: pg.Pool | mysql.Pool;
}

/** What one schedule showed. */
export interface WatchedSchedule {
  readonly moves: readonly number[];
  readonly history: History | undefined;
  readonly leftOut: readonly string[];
  readonly anomalies: readonly string[];
  readonly endings: readonly string[];
}

/** One server of each kind, and an application on it, from before the file's tests until after them. */
export function rowApps(): readonly [postgres: () => RowApp, mariadb: () => RowApp] {
  const apps = new Map<string, { app: RowApp; server: TestServer }>();
  const kinds = ["postgres", "mariadb"] as const;
  beforeAll(async () => {
    for (const kind of kinds) {
      const server = await startServer(kind);
      apps.set(kind, { server, app: kind === "postgres" ? onPostgres(server.url) : onMysql(server.url) });
    }
  });
  afterAll(async () => {
    for (const { app, server } of apps.values()) {
      await app.pool.end();
      await server.stop();
    }
  });
  const appOn = (kind: RowApp["kind"]) => (): RowApp => {
    const known = apps.get(kind);
    if (known === undefined) throw new Error("the server is not started yet");
    return known.app;
  };
  return [appOn("postgres"), appOn("mariadb")];
}

function onPostgres(url: string): RowApp {
  const pool = new pg.Pool({ connectionString: url, max: 6 });
  pool.on("error", () => undefined);
  const over =
    (target: pg.Pool | pg.PoolClient): Send =>
    async (sql, params = []) =>
      ((await target.query(sql, [...params])) as { rows: Record<string, unknown>[] }).rows;
  return {
    kind: "postgres",
    pool,
    alone: over(pool),
    transaction: async (body) => {
      const client = await pool.connect();
      try {
        return await held(over(client), body);
      } finally {
        client.release();
      }
    },
  };
}

function onMysql(url: string): RowApp {
  const pool = mysql.createPool({ uri: url, connectionLimit: 6 });
  const over =
    (target: mysql.Pool | mysql.PoolConnection): Send =>
    async (sql, params = []) => {
      const [rows] = await target.query(sql.replaceAll(/\$\d+/g, "?"), [...params]);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    };
  return {
    kind: "mariadb",
    pool,
    alone: over(pool),
    transaction: async (body) => {
      const connection = await pool.getConnection();
      try {
        return await held(over(connection), body);
      } finally {
        connection.release();
      }
    },
  };
}

async function held<T>(send: Send, body: (send: Send) => Promise<T>): Promise<T> {
  await send("begin");
  try {
    const result = await body(send);
    await send("commit");
    return result;
  } catch (error) {
    await send("rollback");
    throw error;
  }
}

/** Executes every schedule of some functions, or as many as asked for, with rows watched. */
export async function everySchedule(
  app: RowApp,
  options: {
    readonly setup: string;
    readonly level?: IsolationLevel;
    readonly sessions: readonly (() => unknown)[];
    readonly schedules?: number;
    readonly strategy?: "random" | "exhaustive";
    /** Told of each schedule, before the next one begins. */
    readonly each?: (seen: WatchedSchedule) => void;
  },
): Promise<readonly WatchedSchedule[]> {
  return aloneInProcess(async () => {
    const clock = realClock();
    const { target, pool } = raceTarget(app.pool);
    const stage = await openRaceStage(target, clock);
    const instruments = installInstruments(pool);
    const functions = options.sessions.map((run, i) => ({ id: i, name: run.name || `f${i}`, run }));
    const stop = new AbortController().signal;
    const rehearsal = new Rehearsal(
      { stage, functions, setup: options.setup, seed: "1", clock, stop, watch: true },
      asItIs(options.level),
    );
    const seen: WatchedSchedule[] = [];
    try {
      await searchRace({
        stage,
        rehearsal,
        plan: racePlan(
          "1",
          functions.map((_, i) => i),
        ),
        strategy: options.strategy ?? "exhaustive",
        preemptions: undefined,
        schedules: options.schedules ?? 400,
        goesOn: () => true,
        judge: ({ performed, execution, rows }) => {
          const anomalies = rows?.history === undefined ? [] : rowAnomalies(rows.history).names;
          const endings = execution.endings.map((ending) =>
            ending?.type === "threw" ? String(ending.error) : "returned",
          );
          const one = {
            moves: movesOf(performed),
            history: rows?.history,
            leftOut: rows?.leftOut ?? [],
            anomalies,
            endings,
          };
          seen.push(one);
          options.each?.(one);
          return Promise.resolve(undefined);
        },
      });
      return seen;
    } finally {
      await rehearsal.close();
      instruments.uninstall();
      await stage.close();
    }
  });
}

/** Every anomaly that some schedule showed. */
export function shownBy(schedules: readonly WatchedSchedule[]): readonly string[] {
  return [...new Set(schedules.flatMap(({ anomalies }) => anomalies))].sort();
}

/** What a history says of its transactions, the set-up left out: `f: r item/1 v0: …`, one line for each mop of what ended. */
export function mopsOf(history: History | undefined): readonly string[] {
  if (history === undefined) return [];
  return Array.from({ length: history.length }, (_, i) => operationAt(history, i))
    .filter(({ type, f }) => type !== "invoke" && f !== setUpName)
    .flatMap(({ type, f, value }) =>
      (value as readonly Mop[]).map(([kind, key, version]) => {
        const [, name] = version as readonly [number, string];
        return `${type} ${f} ${kind} ${key as string} ${name}`;
      }),
    );
}
