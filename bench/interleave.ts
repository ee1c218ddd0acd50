/**
 * What it costs to let one statement at a time go, and what it costs when statements wait for locks.
 *
 *     node --conditions=isolab-source --import jiti/register bench/interleave.ts
 *         [--databases postgres,mariadb] [--operations 400] [--sessions 5] [--rounds 5]
 *
 * `free` compares statements per second, BEGIN and COMMIT among them, of an interleaved execution in which
 * nothing waits with those of one connection that sends the very same statements in the same order, alone on
 * the same server: `ratio` is the first divided by the second, as the median of rounds in which they take
 * turns. `spread` is what the same statements reach over as many connections without a scheduler, which is
 * what the server alone makes of it. `blocking` compares steps per second of transactions that lock one row first with those of the same
 * transactions when each has a row of its own; `ms/wait` is what one wait costs more than a step without one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import type { Connection, Database } from "../src/clients/database.ts";
import { openDatabase } from "../src/clients/open-database.ts";
import type { Server } from "../src/clients/servers/server.ts";
import { startMysql } from "../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../src/clients/servers/start-postgres.ts";
import { realClock } from "../src/clock/real-clock.ts";
import { openRecorder } from "../src/history/recorder.ts";
import { freshToken } from "../src/random/entropy.ts";
import { openStage, type Performed, type Stage } from "../src/runner/interleaved/stage.ts";
import type { RunConfig } from "../src/runner/run-config.ts";
import { headerOf, planOf } from "../src/runner/run-parts.ts";
import { randomStrategy } from "../src/scheduler/random-strategy.ts";
import type { Trace } from "../src/scheduler/trace.ts";
import { parametersFor } from "../src/workload/parameters.ts";
import register from "../workloads/register.ts";

const clock = realClock();
const isolation = "read-committed";

interface Options {
  readonly databases: readonly string[];
  readonly operations: number;
  readonly sessions: number;
  readonly rounds: number;
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  for (const kind of options.databases) {
    const server = await (kind === "postgres"
      ? startPostgres({}, clock, freshToken(16))
      : startMysql({}, clock, freshToken(16), { insist: "mariadb" }));
    try {
      await measureFree(kind, server, options);
      await measureBlocking(kind, server, options);
    } finally {
      await server.stop();
    }
  }
}

async function measureFree(kind: string, server: Server, options: Options): Promise<void> {
  const config = configOf("naive", 3, options);
  await onStage(config, server, async (stage, database) => {
    const connections: Connection[] = [];
    for (let session = 0; session < options.sessions; session++)
      connections.push(await database.connect(isolation));
    const rounds: { readonly interleaved: number; readonly alone: number; readonly spread: number }[] = [];
    for (let round = 0; round <= options.rounds; round++) {
      const { performed, seconds } = await perform(stage, config, database, round);
      const spread = await send(connections, database, performed.trace);
      const alone = await send(connections.slice(0, 1), database, performed.trace);
      const statements = statementsOf(performed.trace).length;
      // In the first round compilers and caches are still cold.
      if (round > 0)
        rounds.push({
          interleaved: statements / seconds,
          alone: statements / alone,
          spread: statements / spread,
        });
    }
    await Promise.all(connections.map((connection) => connection.close()));
    const of = (number: (round: (typeof rounds)[number]) => number): number => median(rounds.map(number));
    console.log(
      `${kind} free: ${of(({ interleaved }) => interleaved).toFixed(0)} statements/s interleaved, ` +
        `${of(({ alone }) => alone).toFixed(0)} alone, ratio ${of((r) => r.interleaved / r.alone).toFixed(2)} ` +
        `(spread: ${of(({ spread }) => spread).toFixed(0)}, ratio ${of((r) => r.spread / r.alone).toFixed(2)})`,
    );
  });
}

async function measureBlocking(kind: string, server: Server, options: Options): Promise<void> {
  const free = await lockingSteps(server, configOf("for-update", 100, options), options);
  const contended = await lockingSteps(server, configOf("for-update", 1, options), options);
  const perWait = (contended.seconds - (free.seconds / free.steps) * contended.steps) / contended.waits;
  console.log(
    `${kind} blocking: ${(free.steps / free.seconds).toFixed(0)} steps/s without waits, ` +
      `${(contended.steps / contended.seconds).toFixed(0)} with ${(contended.waits / contended.steps).toFixed(2)} waits a step, ` +
      `${(perWait * 1e3).toFixed(2)} ms/wait`,
  );
}

/** Of the rounds together, the first left out. */
async function lockingSteps(
  server: Server,
  config: RunConfig,
  { rounds }: Options,
): Promise<{ readonly steps: number; readonly seconds: number; readonly waits: number }> {
  return onStage(config, server, async (stage, database) => {
    const sum = { steps: 0, seconds: 0, waits: 0 };
    for (let round = 0; round <= rounds; round++) {
      const { performed, seconds } = await perform(stage, config, database, round);
      if (round === 0) continue;
      const { steps } = performed.schedule;
      sum.steps += steps.length;
      sum.seconds += seconds;
      sum.waits += steps.flatMap(({ outcomes }) => outcomes.filter((one) => "blocked" in one)).length;
    }
    return sum;
  });
}

async function onStage<T>(
  config: RunConfig,
  server: Server,
  work: (stage: Stage, database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ url: server.url, run: freshToken(), isolation, clock });
  try {
    const stage = await openStage(config, database, server, clock);
    try {
      return await work(stage, database);
    } finally {
      await stage.close();
    }
  } finally {
    await database.close();
  }
}

/** One schedule, and how long its steps took: neither emptying the tables nor the reads at rest. */
async function perform(
  stage: Stage,
  config: RunConfig,
  database: Database,
  schedule: number,
): Promise<{ readonly performed: Performed; readonly seconds: number }> {
  const directory = mkdtempSync(join(tmpdir(), "isolab-bench-"));
  const recorder = openRecorder(join(directory, "history.jsonl"), headerOf(config, database, "interleaved"));
  const strategy = randomStrategy({ seed: config.seed });
  let began: number | undefined;
  let last = 0;
  try {
    const performed = await stage.perform({
      plan: planOf(config),
      strategy: {
        ...strategy,
        pick: (choice) => {
          last = clock.nanos();
          began ??= last;
          return strategy.pick(choice);
        },
      },
      schedule,
      recorder,
      stop: new AbortController().signal,
      progress: () => undefined,
    });
    if (performed.stuck !== undefined) throw new Error(performed.stuck);
    return { performed, seconds: (last - (began ?? 0)) / 1e9 };
  } finally {
    recorder.close();
    rmSync(directory, { recursive: true });
  }
}

/** The same statements on these connections, or on the only one; answers seconds. */
async function send(connections: readonly Connection[], database: Database, trace: Trace): Promise<number> {
  const tables = (await database.catalog()).tables.map(({ name }) => name);
  await database.empty(tables);
  await database.execute(trace.setup);
  // The sessions took turns inside their transactions, which one connection alone cannot do.
  const [only, ...others] = connections;
  const statements = statementsOf(trace);
  if (others.length === 0) statements.sort((a, b) => a.operation - b.operation);
  const start = clock.nanos();
  for (const { session, sql, params } of statements) {
    const connection = others.length === 0 ? only : connections[session];
    if (connection === undefined) throw new Error("there is no connection to send on");
    if (sql === "BEGIN") await connection.begin(isolation);
    else if (sql === "COMMIT") await connection.commit();
    else if (sql === "ROLLBACK") await connection.rollback();
    else await connection.query(sql, params);
  }
  return (clock.nanos() - start) / 1e9;
}

type Sent = Extract<Trace["events"][number], { type: "sent" }>;

function statementsOf({ events }: Trace): Sent[] {
  return events.flatMap((event) => (event.type === "sent" ? [event] : []));
}

function configOf(variantName: string, models: number, { operations, sessions }: Options): RunConfig {
  const variant = register.variants[variantName];
  if (variant === undefined) throw new Error(`register has no variant ${variantName}`);
  return {
    seed: "1",
    workload: register,
    variantName,
    variant,
    parameters: parametersFor(register, [["models", String(models)]]),
    isolation,
    sessions,
    operations,
    rate: undefined,
    timeLimitMs: undefined,
    thinkMs: 0,
    faults: undefined,
  };
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
      operations: { type: "string", default: "400" },
      sessions: { type: "string", default: "5" },
      rounds: { type: "string", default: "5" },
    },
  });
  return {
    databases: values.databases.split(","),
    operations: Number(values.operations),
    sessions: Number(values.sessions),
    rounds: Number(values.rounds),
  };
}

await main();
