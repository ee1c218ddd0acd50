/**
 * What it costs an application's statements to be raced, and what is left of that when no race is held.
 *
 *     node --conditions=isolab-source --import jiti/register bench/race.ts
 *         [--databases postgres,mariadb] [--statements 2000] [--rounds 7]
 *
 * `idle` compares statements per second through the application's own pool in a process that holds races with those of
 * the same pool before the library was loaded: `ratio` is the first divided by the second, medians of rounds that take
 * turns with a second pair of rounds before, whose ratio is the `noise`. `raced` compares statements per second under
 * control with those that the pool sends one after another by itself, in rounds that take turns. The sessions touch
 * different rows, so nobody waits; set-up, catalogue and judgement are not counted.
 */
import { parseArgs } from "node:util";

import mysql from "mysql2/promise";
import pg from "pg";

import { realClock } from "../src/clock/real-clock.ts";
import type { RaceDatabase } from "../src/testing/race-target.ts";
import { startServer, type TestServer } from "../src/testing/start-server.ts";

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
  const options = optionsOf(process.argv.slice(2));
  for (const kind of options.databases) {
    const server = await startServer(kind === "postgres" ? "postgres" : "mariadb");
    const app = appOf(server);
    try {
      await app.send("create table account (id int primary key, value int not null)");
      await app.send("insert into account values (0, 0), (1, 0)");
      await measure(kind, app, options);
    } finally {
      await app.close();
      await server.stop();
    }
  }
}

async function measure(kind: string, app: App, { statements, rounds }: Options): Promise<void> {
  await plain(app, statements);
  const first: number[] = [];
  const second: number[] = [];
  for (let round = 0; round < rounds; round++) {
    first.push(await plain(app, statements));
    second.push(await plain(app, statements));
  }
  const raced: number[] = [];
  const beside: number[] = [];
  const after: number[] = [];
  await race(app, statements);
  for (let round = 0; round < rounds; round++) {
    raced.push(await race(app, statements));
    beside.push(await plain(app, statements));
    after.push(await plain(app, statements));
  }
  const before = [...first, ...second];
  console.log(
    `${kind} idle: ${rate(after)} statements/s after races, ${rate(before)} before, ` +
      `ratio ${ratio(after, before)} (noise: ${ratio(second, first)})`,
  );
  console.log(
    `${kind} raced: ${rate(raced)} statements/s under control, ${rate(beside)} by the pool alone, ratio ${ratio(raced, beside)}`,
  );
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

function appOf({ kind, url }: TestServer): App {
  if (kind === "postgres") {
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

function ratio(one: readonly number[], other: readonly number[]): string {
  return (median(one) / median(other)).toFixed(2);
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      databases: { type: "string", default: "postgres,mariadb" },
      statements: { type: "string", default: "2000" },
      rounds: { type: "string", default: "7" },
    },
  });
  return {
    databases: values.databases.split(","),
    statements: Number(values.statements),
    rounds: Number(values.rounds),
  };
}

await main();
