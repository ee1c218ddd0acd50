/**
 * What it costs an application's statements to be raced, and what is left of that when no race is held.
 *
 *     node --conditions=isolab-source --import jiti/register bench/race.ts
 *         [--databases postgres,mariadb] [--statements 2000] [--rounds 15] [--processes 3]
 *
 * `idle` compares what an application's own pool does in processes that have held a race with what it does in as many
 * that have never loaded the library, by statements per second and by processor time. Processes that do the same differ
 * too: `noise` is how far the medians of those without the library lie apart. All take turns, in an order that is
 * drawn anew for each round.
 *
 * `raced` compares statements per second under control with those that the same pool sends one after another by
 * itself, in rounds that take turns. The sessions only read, so nobody waits; set-up, catalogue and judgement are not
 * counted. It is the median of the rounds' ratios.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import mysql from "mysql2/promise";
import pg from "pg";

import { realClock } from "../src/clock/real-clock.ts";
import { freshToken } from "../src/random/entropy.ts";
import { stream } from "../src/random/rng.ts";
import type { RaceDatabase } from "../src/testing/race-target.ts";
import type { TestServer } from "../src/testing/start-server.ts";

const clock = realClock();

interface Options {
  readonly databases: readonly string[];
  readonly statements: number;
  readonly rounds: number;
  readonly processes: number;
}

/** What a process has measured of a number of statements. */
interface Figures {
  /** Statements per second. */
  readonly rate: number;
  /** Microseconds of processor time per statement, of the process. */
  readonly cpu: number;
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
      processes: { type: "string", default: "3" },
      // A process that this one has started: its database, and whether it holds races.
      url: { type: "string" },
      races: { type: "boolean", default: false },
    },
  });
  const options = {
    databases: values.databases.split(","),
    statements: Number(values.statements),
    rounds: Number(values.rounds),
    processes: Number(values.processes),
  };
  if (values.url !== undefined) await serve(values.url, values.races, options.statements);
  else for (const kind of options.databases) await measure(kind === "postgres" ? kind : "mariadb", options);
}

async function measure(kind: TestServer["kind"], options: Options): Promise<void> {
  const { startServer } = await import("../src/testing/start-server.ts");
  const server = await startServer(kind);
  const many = Array.from({ length: options.processes }, (_, i) => i);
  const start = (races: boolean): ChildProcess => started(server.url, races, options.statements);
  const without = many.map(() => start(false));
  const after = many.map(() => start(true));
  const raced = start(true);
  const all = [...without, ...after, raced];
  try {
    await ask(raced, "fill");
    for (const child of all) await ask(child, after.includes(child) || child === raced ? "race" : "plain");
    await measureIdle(kind, without, after, options);
    await measureRaced(kind, raced, options);
  } finally {
    for (const child of all) child.disconnect();
    await Promise.all(all.map((child) => once(child, "exit")));
    await server.stop();
  }
}

async function measureIdle(
  kind: string,
  without: readonly ChildProcess[],
  after: readonly ChildProcess[],
  { rounds }: Options,
): Promise<void> {
  const measured = new Map([...without, ...after].map((child) => [child, [] as Figures[]]));
  const order = stream(freshToken(16), "order");
  for (let round = 0; round < rounds; round++)
    for (const [, child, figures] of [...measured]
      .map(([child, figures]) => [order.float(), child, figures] as const)
      .sort(([one], [other]) => one - other))
      figures.push(await ask(child, "plain"));
  const told = (["rate", "cpu"] as const).map((figure) => {
    const of = (children: readonly ChildProcess[]): readonly number[] =>
      children.map((child) => median((measured.get(child) ?? []).map((one) => one[figure])));
    const plain = median(of(without));
    const noise = of(without).map((one) => (one / plain).toFixed(2));
    return { past: median(of(after)), plain, noise: `${noise.sort().at(0)} to ${noise.at(-1)}` };
  });
  const [rate, cpu] = told as [Told, Told];
  const line = ({ past, plain, noise }: Told, unit: string): string =>
    `${past.toFixed(0)} ${unit} after a race, ${plain.toFixed(0)} where none was held, ratio ${(past / plain).toFixed(2)} (noise: ${noise})`;
  console.log(`${kind} idle: ${line(rate, "statements/s")}`);
  console.log(`${kind} idle: ${line(cpu, "µs of processor time per statement")}`);
}

interface Told {
  readonly past: number;
  readonly plain: number;
  readonly noise: string;
}

async function measureRaced(kind: string, child: ChildProcess, { rounds }: Options): Promise<void> {
  const raced: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < rounds; round++) {
    alone.push((await ask(child, "plain")).rate);
    raced.push((await ask(child, "race")).rate);
  }
  const ratio = median(raced.map((one, i) => one / (alone[i] ?? NaN)));
  console.log(
    `${kind} raced: ${median(raced).toFixed(0)} statements/s under control, ${median(alone).toFixed(0)} by the pool alone, ratio ${ratio.toFixed(2)}`,
  );
}

/**
 * Young objects have the same room in every process. V8 sizes it by what else is on the heap, so that a process which has
 * merely loaded more code collects garbage at other times, at a tenth of the processor time either way.
 */
const evenGarbage = ["--min-semi-space-size=16", "--max-semi-space-size=16"];

function started(url: string, races: boolean, statements: number): ChildProcess {
  const args = ["--url", url, "--statements", String(statements), ...(races ? ["--races"] : [])];
  return fork(fileURLToPath(import.meta.url), args, { execArgv: [...process.execArgv, ...evenGarbage] });
}

async function ask(child: ChildProcess, what: string): Promise<Figures> {
  child.send(what);
  const [told] = (await once(child, "message")) as [Figures];
  return told;
}

/** Measures when it is asked to, until nobody can ask any more. */
async function serve(url: string, races: boolean, statements: number): Promise<void> {
  const app = appOf(url);
  process.on("message", (asked) => {
    void work(app, String(asked), races, statements).then((figures) => process.send?.(figures));
  });
  await once(process, "disconnect");
  await app.close();
}

async function work(app: App, asked: string, races: boolean, statements: number): Promise<Figures> {
  if (asked === "fill") {
    await app.send("create table account (id int primary key, value int not null)");
    await app.send("insert into account values (0, 0), (1, 0)");
  }
  return asked === "race" && races ? race(app, statements) : plain(app, statements);
}

/** One after another. */
async function plain({ send }: App, statements: number): Promise<Figures> {
  // A race opens both connections of the pool, and the pool of mysql2 uses them in turns.
  await Promise.all([send(statementOf(0)), send(statementOf(1))]);
  const finish = stopwatch();
  for (let i = 0; i < statements; i++) await send(statementOf(i % 2));
  return finish(statements);
}

/** Two sessions in one schedule. */
async function race({ database, send }: App, statements: number): Promise<Figures> {
  const { explore } = await import("../src/testing/explore-race.ts");
  let finish: ((count: number) => Figures) | undefined;
  let figures: Figures = { rate: NaN, cpu: NaN };
  const session = (number: number) => async (): Promise<void> => {
    // Connections are made ready with the first statement.
    await send(statementOf(number));
    finish ??= stopwatch();
    for (let i = 1; i < statements / 2; i++) await send(statementOf(number));
    figures = finish(statements);
  };
  await explore(database, {
    sessions: [session(0), session(1)],
    schedules: 1,
    strategy: "random",
    serializable: false,
    invariant: () => true,
  });
  return figures;
}

/** Starts it; the function tells what has passed since, by so many statements. */
function stopwatch(): (statements: number) => Figures {
  const start = clock.nanos();
  const before = process.cpuUsage();
  return (statements) => {
    const { user, system } = process.cpuUsage(before);
    return { rate: statements / ((clock.nanos() - start) / 1e9), cpu: (user + system) / statements };
  };
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

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

await main();
