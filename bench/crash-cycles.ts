/**
 * How many acknowledged commits a server loses that is killed again and again under load, with durable settings and
 * with relaxed ones.
 *
 *     node --conditions=isolab-source --import jiti/register bench/crash-cycles.ts
 *         [--cycles 20] [--databases postgres,mariadb] [--sessions 10] [--seed 1]
 *
 * A cycle: sessions add elements to sets, one row each, as fast as they can (`set:rows`); all processes of the server
 * are killed (SIGKILL) at a random moment, and it is started again on the same data. In the end one read of each
 * set says what is there. `lost` counts acknowledged additions that it does not show, and `ghosts` elements that it
 * shows although their additions had failed; `unanswered` had a COMMIT under way, and `there` of them took place.
 * `verdict` is what the checker says of the same history. Killing the server loses nothing that it has handed to
 * the operating system: what a power cut loses is not measured. Ends with code 1 when durable settings lost something.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { inDatabase } from "../src/campaign/in-database.ts";
import { judge } from "../src/campaign/judge.ts";
import { acquireTarget, type Target } from "../src/campaign/target.ts";
import { realClock } from "../src/clock/real-clock.ts";
import { loadHistory } from "../src/history/load-history.ts";
import { operationAt } from "../src/history/operation-at.ts";
import type { Operation } from "../src/history/operation.ts";
import { killServer } from "../src/nemesis/server/kill-server.ts";
import { executeRun } from "../src/runner/execute-run.ts";
import type { RunConfig } from "../src/runner/run-config.ts";
import { parametersFor } from "../src/workload/parameters.ts";
import set from "../workloads/set.ts";

const clock = realClock();

interface Case {
  readonly db: "postgres" | "mariadb";
  readonly settings: Readonly<Record<string, string>>;
}

/** Beside what `--durable` sets. */
const cases: readonly Case[] = [
  { db: "postgres", settings: {} },
  { db: "postgres", settings: { synchronous_commit: "off" } },
  { db: "mariadb", settings: {} },
  { db: "mariadb", settings: { innodb_flush_log_at_trx_commit: "0" } },
];

interface Tally {
  cycles: number;
  acknowledged: number;
  lost: number;
  unanswered: number;
  there: number;
  ghosts: number;
  readonly verdicts: Set<string>;
}

/** One run lasts so long at most: what is read in the end stays small. */
const runMs = 15_000;
const meanLifeMs = 400;
const meanDownMs = 10;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cycles: { type: "string", default: "20" },
      databases: { type: "string", default: "postgres,mariadb" },
      sessions: { type: "string", default: "10" },
      seed: { type: "string", default: "1" },
    },
  });
  console.log(`${values.cycles} cycles each, ${values.sessions} sessions, seed ${values.seed}`);
  for (const one of cases.filter(({ db }) => values.databases.split(",").includes(db))) {
    const target = await acquireTarget({ ...one, durable: true }, clock);
    try {
      const tally = await cycles(one, target, Number(values.cycles), Number(values.sessions), values.seed);
      print(one, tally);
      if (Object.keys(one.settings).length === 0 && tally.lost + tally.ghosts > 0) process.exitCode = 1;
    } finally {
      await target.release();
    }
  }
}

async function cycles(
  { settings }: Case,
  target: Target,
  wanted: number,
  sessions: number,
  seed: string,
): Promise<Tally> {
  const tally: Tally = {
    cycles: 0,
    acknowledged: 0,
    lost: 0,
    unanswered: 0,
    there: 0,
    ghosts: 0,
    verdicts: new Set(),
  };
  for (let run = 1; tally.cycles < wanted; run++) {
    const config = configOf(`${seed}/${run}`, sessions);
    const directory = mkdtempSync(join(tmpdir(), "isolab-crash-"));
    try {
      await execute(config, target, settings, directory, wanted - tally.cycles);
      const { history } = await loadHistory(join(directory, "history.jsonl"));
      const operations = Array.from({ length: history.length }, (_, row) => operationAt(history, row));
      count(operations, tally);
      const { valid, anomalyTypes } = judge(history, { config, model: undefined });
      tally.verdicts.add([valid, ...anomalyTypes].join(" "));
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
  return tally;
}

function configOf(seed: string, sessions: number): RunConfig {
  const { rows } = set.variants;
  if (rows === undefined) throw new Error("set has no variant rows");
  return {
    seed,
    workload: set,
    variantName: "rows",
    variant: rows,
    parameters: { ...parametersFor(set, []), "elements-per-set": 1_000 },
    isolation: "read-committed",
    sessions,
    operations: 200_000,
    rate: undefined,
    timeLimitMs: runMs,
    thinkMs: 0,
    faults: undefined,
  };
}

/** @param most cycles; the sessions go on to the end of the run */
async function execute(
  config: RunConfig,
  target: Target,
  settings: Case["settings"],
  directory: string,
  most: number,
): Promise<void> {
  let left = most;
  const limited = {
    ...killServer,
    strike: (...args: Parameters<typeof killServer.strike>) =>
      left-- > 0 ? killServer.strike(...args) : Promise.resolve(null),
  };
  const faults = { nemeses: [limited], intervalMs: meanLifeMs, durationMs: meanDownMs };
  const request = { config, target, settings, clock, warn: console.error };
  await inDatabase(request, (database) =>
    executeRun(
      { ...config, faults },
      {
        database,
        directory,
        clock,
        stop: new AbortController().signal,
        progress: () => undefined,
        means: { server: target.server, proxy: null },
      },
    ),
  );
}

function count(operations: readonly Operation[], tally: Tally): void {
  const isThere = new Set(
    operations.flatMap(({ data }) =>
      Object.values(recordIn(data, "elements")).flatMap((shown) =>
        Array.isArray(shown) ? shown.map(String) : [],
      ),
    ),
  );
  for (const { process, f, type, value, data } of operations) {
    if (process === "nemesis" && type === "info" && value === "killed") tally.cycles++;
    if (f !== "add" || type === "invoke") continue;
    if (type === "ok") {
      const added = Object.values(recordIn(data, "added")).map(String);
      tally.acknowledged += added.length;
      tally.lost += added.filter((element) => !isThere.has(element)).length;
      continue;
    }
    const element = JSON.stringify(value);
    const shown = [...isThere].filter((id) => element.includes(`"${id}"`)).length;
    if (type === "fail") tally.ghosts += shown;
    else {
      tally.unanswered++;
      tally.there += shown;
    }
  }
}

function recordIn(data: unknown, name: string): Readonly<Record<string, unknown>> {
  const found: unknown =
    typeof data === "object" && data !== null ? (data as Record<string, unknown>)[name] : {};
  return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
}

function print({ db, settings }: Case, tally: Tally): void {
  const name = [db, ...Object.entries(settings).map(([variable, value]) => `${variable}=${value}`)].join(" ");
  const { verdicts, ...numbers } = tally;
  const figures = Object.entries(numbers).map(([what, number]) => `${what} ${number}`);
  console.log(`${name}: ${figures.join(", ")}; verdict ${[...verdicts].join("; ")}`);
}

await main();
