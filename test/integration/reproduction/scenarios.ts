import type { Dialect } from "../../../src/clients/database.ts";
import { levelNames, sqlLevel } from "../../../src/clients/mysql/isolation.ts";
import type { IsolationLevel } from "../../../src/history/header.ts";
import type { Trace, TraceEvent, TracedResult } from "../../../src/scheduler/trace.ts";
import { freshRun } from "../../support/databases.ts";
import type { SharedServer } from "../../support/servers.ts";
import { LockStep, openTerminal, type Happening } from "./lock-step.ts";

/** A session's number and what it does: a statement, maybe with parameters, or `kill`: it is ended from outside. */
export type Line = readonly [session: number, sql: string, ...params: unknown[]];

export interface Scenario {
  readonly name: string;
  readonly isolation: IsolationLevel;
  readonly dialects: readonly Dialect[];
  readonly schema: readonly string[];
  readonly setup: readonly string[];
  readonly lines: readonly Line[];
  readonly rest: readonly (readonly [sql: string, ...params: unknown[]])[];
}

const accounts = {
  schema: ["create table account (\n  id int primary key, -- the account's number\n  value int not null\n)"],
  setup: ["insert into account values (1, 10), (2, 20)"],
  rest: [["select id, value from account order by id"]],
} as const;

const both = ["postgres", "mysql"] as const;
const read = "select value from account where id = $1";
const write = "update account set value = $2 where id = $1";

export const scenarios: readonly Scenario[] = [
  {
    name: "lost-update",
    isolation: "read-committed",
    dialects: both,
    ...accounts,
    lines: [
      [0, "BEGIN"],
      [0, read, 1],
      [1, "BEGIN"],
      [1, read, 1],
      [0, write, 1, 11],
      [0, "COMMIT"],
      [1, write, 1, 12],
      [1, "COMMIT"],
    ],
  },
  {
    name: "write-skew",
    isolation: "repeatable-read",
    dialects: both,
    ...accounts,
    lines: [
      [0, "BEGIN"],
      [0, "select sum(value) as total from account"],
      [1, "BEGIN"],
      [1, "select sum(value) as total from account"],
      [0, write, 1, -20],
      [1, write, 2, -10],
      [0, "COMMIT"],
      [1, "COMMIT"],
    ],
  },
  {
    name: "duplicate-version",
    isolation: "read-committed",
    dialects: both,
    schema: ["create table version (model varchar(40) not null, version int not null, uri varchar(200))"],
    setup: ["insert into version values ('a;b', 1, null)"],
    lines: [
      [0, "BEGIN"],
      [0, "select max(version) as latest from version where model = $1", "a;b"],
      [1, "BEGIN"],
      [1, "select max(version) as latest from version where model = $1", "a;b"],
      [0, "insert into version\n  values ($1, $2, $3)", "a;b", 2, "it's\n-- session B\n'; {\"}\"}\\"],
      [1, "insert into version\n  values ($1, $2, $3)", "a;b", 2, null],
      [1, "COMMIT"],
      [0, "COMMIT"],
      [0, "select 'a$1;''b' as it, uri from version where uri = $1", "it's\n-- session B\n'; {\"}\"}\\"],
    ],
    rest: [["select model, version from version where model = $1 order by version", "a;b"]],
  },
  {
    name: "blocked-update",
    isolation: "read-committed",
    dialects: both,
    ...accounts,
    lines: [
      [0, "BEGIN"],
      [0, "update account set value = value + $1", 1],
      [1, "BEGIN"],
      [1, "select value from account where id = $1 for update", 1],
      [0, "COMMIT"],
      [2, "update account set value = value + $1 where id = $2", 5, 1],
      [1, "ROLLBACK"],
    ],
  },
  {
    name: "deadlock",
    isolation: "read-committed",
    dialects: both,
    ...accounts,
    lines: [
      [0, "BEGIN"],
      [0, write, 1, 11],
      [1, "BEGIN"],
      [1, write, 2, 22],
      [0, write, 2, 12],
      [1, write, 1, 21],
      [1, "ROLLBACK"],
      [0, "COMMIT"],
    ],
  },
  {
    name: "serialization-failure",
    isolation: "repeatable-read",
    dialects: ["postgres"],
    ...accounts,
    lines: [
      [0, "BEGIN"],
      [1, "BEGIN"],
      [1, read, 1],
      [0, write, 1, 11],
      [1, write, 1, 12],
      [0, "COMMIT"],
      [1, "ROLLBACK"],
    ],
  },
  {
    name: "pivot",
    isolation: "serializable",
    dialects: ["postgres"],
    ...accounts,
    lines: [
      [0, "BEGIN"],
      [0, read, 2],
      [1, "BEGIN"],
      [1, read, 1],
      [0, write, 1, 11],
      [1, write, 2, 22],
      [0, "COMMIT"],
      [1, "COMMIT"],
      [1, "BEGIN"],
      [1, read, 1],
      [1, "COMMIT"],
    ],
  },
  {
    name: "killed",
    isolation: "read-committed",
    dialects: both,
    ...accounts,
    lines: [
      [0, "BEGIN"],
      [0, write, 1, 11],
      [1, "BEGIN"],
      [1, write, 1, 12],
      [0, "kill"],
      [0, "BEGIN"],
      [0, read, 1],
      [0, "ROLLBACK"],
      [1, "COMMIT"],
    ],
  },
];

/** Plays a scenario on a server, in a namespace that is gone afterwards, and answers what the runner would trace. */
export async function traceOf(scenario: Scenario, server: SharedServer): Promise<Trace> {
  const name = `isolab_t_${freshRun()}`;
  const [word, cascade] = server.dialect === "postgres" ? ["SCHEMA", " CASCADE"] : ["DATABASE", ""];
  const steps = await LockStep.open(server);
  try {
    await ok(steps, "setup", `CREATE ${word} ${name}`);
    await enter(steps, "setup", name, server.dialect, scenario.isolation);
    for (const sql of [...scenario.schema, ...scenario.setup]) await ok(steps, "setup", sql);
    const sessions = 1 + Math.max(...scenario.lines.map(([session]) => session));
    for (let i = 0; i < sessions; i += 1)
      await enter(steps, `${i}`, name, server.dialect, scenario.isolation);
    const events: TraceEvent[] = [];
    for (const [step, [session, sql, ...params]] of scenario.lines.entries()) {
      if (sql === "kill") {
        events.push({ type: "fault", step, session, fault: "kill-connection" });
        events.push(...(await steps.kill(`${session}`)).map((happening) => event(happening, step)));
        await enter(steps, `${session}`, name, server.dialect, scenario.isolation);
        continue;
      }
      events.push({ type: "sent", step, session, operation: step, f: scenario.name, sql, params });
      const text =
        sql === "BEGIN" && server.dialect === "postgres" ? `${sql} ${level(scenario.isolation)}` : sql;
      events.push(
        ...(await steps.play(`${session}`, text, params)).map((happening) => event(happening, step)),
      );
    }
    const rest = [];
    for (const [sql, ...params] of scenario.rest) {
      const result = await only(steps, "setup", sql, params);
      if (!("rows" in result)) throw new Error(`no rows from ${sql}`);
      rest.push({ sql, params, rows: result.rows });
    }
    const { kind, dialect } = server;
    const database = { kind, version: "18.4", settings: dialect === "postgres" ? {} : { autocommit: "ON" } };
    const { isolation, schema, setup } = scenario;
    return { database, isolation, sessions, schema, setup, events, rest };
  } finally {
    await steps.close();
    const terminal = await openTerminal(server);
    await terminal.send(`DROP ${word} IF EXISTS ${name}${cascade}`);
    await terminal.end();
  }
}

function event(happening: Happening, step: number): TraceEvent {
  return { ...happening, step, session: Number(happening.session) };
}

async function enter(
  steps: LockStep,
  session: string,
  name: string,
  dialect: Dialect,
  isolation: IsolationLevel,
): Promise<void> {
  await ok(steps, session, dialect === "postgres" ? `SET search_path TO ${name}` : `USE ${name}`);
  if (dialect === "mysql") await ok(steps, session, `SET SESSION TRANSACTION ${level(isolation)}`);
}

function level(isolation: keyof typeof levelNames): string {
  return `ISOLATION LEVEL ${sqlLevel(isolation)}`;
}

async function ok(steps: LockStep, session: string, sql: string): Promise<void> {
  const result = await only(steps, session, sql, []);
  if ("error" in result) throw new Error(`${sql}: ${result.error.message}`);
}

async function only(
  steps: LockStep,
  session: string,
  sql: string,
  params: readonly unknown[],
): Promise<TracedResult> {
  const [first] = await steps.play(session, sql, params);
  if (first?.type !== "returned") throw new Error(`${sql} did not return`);
  return first.result;
}
