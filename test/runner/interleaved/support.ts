import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openDatabase } from "../../../src/clients/open-database.ts";
import type { Database } from "../../../src/clients/database.ts";
import type { Server } from "../../../src/clients/servers/server.ts";
import { startMysql } from "../../../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../../../src/clients/servers/start-postgres.ts";
import { parseTarget } from "../../../src/clients/target.ts";
import type { OwnServer } from "../../../src/clients/watcher.ts";
import type { Clock } from "../../../src/clock/clock.ts";
import { hotKeys } from "../../../src/generators/hot-keys.ts";
import type { Plan } from "../../../src/generators/plan.ts";
import type { IsolationLevel } from "../../../src/history/header.ts";
import { loadHistory } from "../../../src/history/load-history.ts";
import { operationAt } from "../../../src/history/operation-at.ts";
import type { Operation, OperationError } from "../../../src/history/operation.ts";
import { openRecorder } from "../../../src/history/recorder.ts";
import { openProxy } from "../../../src/nemesis/proxy/open-proxy.ts";
import { freshToken } from "../../../src/random/entropy.ts";
import { stream } from "../../../src/random/rng.ts";
import { openStage, type Performed, type Stage } from "../../../src/runner/interleaved/stage.ts";
import type { RunConfig } from "../../../src/runner/run-config.ts";
import { headerOf, planOf } from "../../../src/runner/run-parts.ts";
import type { Move } from "../../../src/scheduler/move.ts";
import type { Choice, Strategy } from "../../../src/scheduler/strategy.ts";
import { defineWorkload } from "../../../src/workload/define-workload.ts";
import type { OperationDefinition, RetryPolicy, Workload } from "../../../src/workload/workload.ts";
import { clock, freshRun } from "../../support/databases.ts";

/** Servers of a test file's own: to freeze a backend of the shared one would be to freeze other tests. */
export const ownServers: readonly {
  readonly kind: "postgres" | "mariadb";
  readonly start: () => Promise<Server>;
}[] = [
  { kind: "postgres", start: () => startPostgres({}, clock, freshToken(16)) },
  { kind: "mariadb", start: () => startMysql({}, clock, freshToken(16), { insist: "mariadb" }) },
];

/** A stage for the length of the body; everything is closed whatever happens. */
export async function onStage<T>(
  config: RunConfig,
  url: string,
  own: OwnServer,
  body: (stage: Stage, database: Database) => Promise<T>,
  stageClock: Clock = clock,
): Promise<T> {
  const database = await openDatabase({ url, run: freshRun(), isolation: config.isolation, clock });
  try {
    const stage = await openStage(config, database, own, stageClock);
    try {
      return await body(stage, database);
    } finally {
      await stage.close();
    }
  } finally {
    await database.close();
  }
}

/** The same where the sessions come through a proxy. */
export async function onProxiedStage<T>(
  config: RunConfig,
  url: string,
  own: OwnServer,
  body: (stage: Stage, database: Database) => Promise<T>,
): Promise<T> {
  const proxy = await openProxy(parseTarget(url), clock, stream("1", "proxy"));
  const { isolation } = config;
  const database = await openDatabase({ url, run: freshRun(), isolation, clock, through: proxy });
  try {
    const stage = await openStage(config, database, own, clock, proxy);
    try {
      return await body(stage, database);
    } finally {
      await stage.close();
    }
  } finally {
    await database.close();
    await proxy.close();
  }
}

/** What an execution left: its bytes, and the operations in them. */
export interface Executed extends Performed {
  readonly bytes: string;
  readonly operations: readonly Operation[];
}

/** Executes a plan once, in files that are gone afterwards. */
export async function execute(
  stage: Stage,
  database: Database,
  config: RunConfig,
  strategy: Strategy,
  changes: { readonly plan?: Plan; readonly schedule?: number; readonly stop?: AbortSignal } = {},
): Promise<Executed> {
  const directory = mkdtempSync(join(tmpdir(), "isolab-test-"));
  try {
    const path = join(directory, "history.jsonl");
    const recorder = openRecorder(path, headerOf(config, database, "interleaved"));
    const performed = await stage
      .perform({
        plan: changes.plan ?? planOf(config),
        strategy,
        schedule: changes.schedule ?? 0,
        recorder,
        stop: changes.stop ?? new AbortController().signal,
        progress: () => undefined,
      })
      .finally(() => {
        recorder.close();
      });
    return { ...performed, bytes: readFileSync(path, "utf8"), operations: await operationsIn(path) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export async function operationsIn(path: string): Promise<readonly Operation[]> {
  const { history } = await loadHistory(path);
  return Array.from({ length: history.length }, (_, row) => operationAt(history, row));
}

/** Session 0 does the first list of operations, session 1 the second, and so on. */
export function planFor(...sessions: readonly (readonly string[])[]): Plan {
  let id = 0;
  return {
    seed: "1",
    exhausted: false,
    sessions: sessions.map((names, session) => names.map((f) => ({ id: id++, session, f, args: {} }))),
  };
}

/** Grants these sessions in this order, with faults in between; afterwards the first one that is ready. */
export function inOrder(...moves: readonly (number | Move)[]): Strategy & { readonly choices: Choice[] } {
  const choices: Choice[] = [];
  return {
    name: "in-order",
    choices,
    begin: () => {
      choices.length = 0;
    },
    pick: (choice) => {
      const wanted = moves[choices.length] ?? choice.ready[0]?.session ?? 0;
      choices.push(choice);
      return typeof wanted === "number" ? { kind: "grant", session: wanted } : wanted;
    },
    end: () => false,
  };
}

/** A table `account(id, value)` with four rows, and operations that are SQL; what they answer is not looked at. */
export function scripted(
  bodies: Readonly<Record<string, OperationDefinition["run"]>>,
  more: { readonly retry?: RetryPolicy; readonly schema?: readonly string[] } = {},
): { readonly workload: Workload; config(isolation?: IsolationLevel): RunConfig } {
  const operations: Record<string, OperationDefinition> = {};
  for (const [f, run] of Object.entries({ nothing: done, ...bodies }))
    operations[f] = { invoke: () => [], run };
  const variant = {
    summary: "as the test says",
    operations,
    expect: [],
    ...(more.retry === undefined ? {} : { retry: more.retry }),
  };
  const workload = defineWorkload({
    name: "scripted",
    summary: "what a test scripts",
    cannotReveal: "anything",
    parameters: {},
    schema: (dialect) => [
      `create table account (id int primary key, value int not null)${dialect === "mysql" ? " engine = innodb" : ""}`,
      ...(more.schema ?? []),
    ],
    setup: () => ["insert into account values (1, 10), (2, 20), (3, 30), (4, 40)"],
    generator: () => hotKeys({ active: 1, uses: 1, operation: () => ({ f: "nothing", args: {} }) }),
    atRest: () => [],
    checks: [],
    variants: { only: variant },
  });
  return {
    workload,
    config: (isolation = "read-committed") => ({
      seed: "1",
      workload,
      variantName: "only",
      variant,
      parameters: {},
      isolation,
      sessions: 2,
      operations: 0,
      rate: undefined,
      timeLimitMs: undefined,
      thinkMs: 0,
      faults: undefined,
    }),
  };
}

/** A body of one transaction with these statements. */
export function transaction(...statements: readonly string[]): OperationDefinition["run"] {
  return async (session) => {
    await session.transaction(async (tx) => {
      for (const sql of statements) await tx.query(sql);
    });
    return { value: [] };
  };
}

/** A body of statements that commit themselves. */
export function autocommit(...statements: readonly string[]): OperationDefinition["run"] {
  return async (session) => {
    for (const sql of statements) await session.query(sql);
    return { value: [] };
  };
}

const done: OperationDefinition["run"] = () => Promise.resolve({ value: [] });

/** `update account set value = value + 1 where id = N` */
export function add(id: number): string {
  return `update account set value = value + 1 where id = ${id}`;
}

/** Of the clients' operations: process, how each ended, and why. */
export function ends({ operations }: Executed): readonly unknown[] {
  return operations
    .filter(({ type, process }) => type !== "invoke" && process !== "nemesis")
    .map(({ process, type, error }) =>
      error === undefined ? [process, type] : [process, type, (error as OperationError).cause],
    );
}

/** A fault as a move. */
export function fault(name: string, session: number): Move {
  return { kind: "fault", fault: name, session };
}
