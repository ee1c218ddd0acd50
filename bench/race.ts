/**
 * What it costs an application's statements to be raced, and what is left of that when no race is held.
 *
 *     node --conditions=isolab-source --import jiti/register bench/race.ts
 *         [--databases postgres,mariadb] [--statements 2000] [--rounds 15]
 *
 * `idle` compares statements per second through an application's own pool in a process that has held a race with those
 * in a process that has never loaded the library; `noise` compares another such process with it. They take turns.
 * `raced` compares statements per second under control with those that the same pool sends one after another by
 * itself, in rounds that take turns. The sessions only read, so nobody waits; set-up, catalogue and judgement are not
 * counted. All figures are medians of rounds, all ratios medians of the rounds' ratios.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import mysql from "mysql2/promise";
import pg from "pg";

import { realClock } from "../src/clock/real-clock.ts";
import type { RaceDatabase } from "../src/testing/race-target.ts";
import type { TestServer } from "../src/testing/start-server.ts";

const clock = realClock();

interface Options {
  readonly databases: readonly string[];
  readonly statements: number;
  readonly rounds: number;
}

/** An application's pool, and how it sends a statement. */
interface App {
  readonly database: RaceDatabase;
  readonly send: (sql: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      databases: { type: "string", default: "postgres,mariadb" },
      statements: { type: "string", default: "2000" },
      rounds: { type: "string", default: "15" },
      // A process that this one has started: its database, and whether it holds races.
      url: { type: "string" },
      races: { type: "boolean", default: false },
    },
  });
  const options = {
    databases: values.databases.split(","),
    statements: Number(values.statements),
    rounds: Number(values.rounds),
  };
  if (values.url !== undefined) await serve(values.url, values.races, options.statements);
  else for (const kind of options.databases) await measure(kind === "postgres" ? kind : "mariadb", options);
}

async function measure(kind: TestServer["kind"], { statements, rounds }: Options): Promise<void> {
  const { startServer } = await import("../src/testing/start-server.ts");
  const server = await startServer(kind);
  const processes = [false, false, true, true].map((races) => started(server.url, races, statements));
  const [never, twin, past, holder] = processes as [ChildProcess, ChildProcess, ChildProcess, ChildProcess];
  try {
    const measured: Record<Figure, number[]> = { never: [], twin: [], after: [], beside: [], raced: [] };
    for (const [child, asked] of [
      [never, "fill"],
      [twin, "plain"],
      [past, "race"],
      [holder, "race"],
    ] as const)
      await answer(child, asked);
    for (let round = 0; round < rounds; round++) {
      measured.never.push(await answer(never, "plain"));
      measured.after.push(await answer(past, "plain"));
      measured.twin.push(await answer(twin, "plain"));
      measured.beside.push(await answer(holder, "plain"));
      measured.raced.push(await answer(holder, "race"));
    }
    const { never: before, twin: noise, after, beside, raced } = measured;
    console.log(
      `${kind} idle: ${rate(after)} statements/s after a race, ${rate(before)} where none was held, ` +
        `ratio ${ratio(after, before)} (noise: ${ratio(noise, before)})`,
    );
    console.log(
      `${kind} raced: ${rate(raced)} statements/s under control, ${rate(beside)} by the pool alone, ratio ${ratio(raced, beside)}`,
    );
  } finally {
    for (const child of processes) child.disconnect();
    await Promise.all(processes.map((child) => once(child, "exit")));
    await server.stop();
  }
}

type Figure = "never" | "twin" | "after" | "beside" | "raced";

function started(url: string, races: boolean, statements: number): ChildProcess {
  const args = ["--url", url, "--statements", String(statements), ...(races ? ["--races"] : [])];
  return fork(fileURLToPath(import.meta.url), args);
}

async function answer(child: ChildProcess, asked: string): Promise<number> {
  child.send(asked);
  const [told] = (await once(child, "message")) as [number];
  return told;
}

/** Measures when it is asked to, until nobody can ask any more. */
async function serve(url: string, races: boolean, statements: number): Promise<void> {
  const app = appOf(url);
  process.on("message", (asked) => {
    void work(app, String(asked), races, statements).then((figure) => process.send?.(figure));
  });
  await once(process, "disconnect");
  await app.close();
}

async function work(app: App, asked: string, races: boolean, statements: number): Promise<number> {
  if (asked === "fill") {
    await app.send("create table account (id int primary key, value int not null)");
    await app.send("insert into account values (0, 0), (1, 0)");
  }
  return asked === "race" && races ? race(app, statements) : plain(app, statements);
}

/** Statements per second, one after another. */
async function plain({ send }: App, statements: number): Promise<number> {
  const start = clock.nanos();
  for (let i = 0; i < statements; i++) await send(statementOf(i % 2));
  return statements / ((clock.nanos() - start) / 1e9);
}

/** Statements per second of two sessions in one schedule. */
async function race({ database, send }: App, statements: number): Promise<number> {
  const { explore } = await import("../src/testing/explore-race.ts");
  let start: number | undefined;
  let last = 0;
  const session = (number: number) => async (): Promise<void> => {
    // Connections are made ready with the first statement.
    await send(statementOf(number));
    start ??= clock.nanos();
    for (let i = 1; i < statements / 2; i++) await send(statementOf(number));
    last = clock.nanos();
  };
  await explore(database, {
    sessions: [session(0), session(1)],
    schedules: 1,
    strategy: "random",
    serializable: false,
  });
  return statements / ((last - (start ?? 0)) / 1e9);
}

function statementOf(row: number): string {
  return `select value from account where id = ${row}`;
}

function appOf(url: string): App {
  if (url.startsWith("postgres")) {
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    pool.on("error", () => undefined);
    return { database: pool, send: (sql) => pool.query(sql), close: () => pool.end() };
  }
  const pool = mysql.createPool({ uri: url, connectionLimit: 2 });
  return { database: pool, send: (sql) => pool.query(sql), close: () => pool.end() };
}

function rate(numbers: readonly number[]): string {
  return median(numbers).toFixed(0);
}

function ratio(ones: readonly number[], others: readonly number[]): string {
  return median(ones.map((one, i) => one / (others[i] ?? NaN))).toFixed(2);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

await main();
