import fc from "fast-check";
import { expect, test } from "vitest";

import type { DatabaseKind } from "../../../src/history/header.ts";
import { isolationSpec } from "../../../src/report/reproduction/isolation-spec.ts";
import { sessionsOf, stepsOf } from "../../../src/report/reproduction/read-repro.ts";
import { reproSql } from "../../../src/report/reproduction/repro-sql.ts";
import { UnwritableSpec } from "../../../src/report/reproduction/spec-plan.ts";
import type { Trace, TraceEvent, TracedResult } from "../../../src/scheduler/trace.ts";

const title = {
  anomaly: "lost-update",
  workload: "account:naive",
  finding: "Both sessions read 10, and the update of A is gone.\n-- session B\nDROP TABLE account;",
};

let step = 0;
function sent(session: number, sql: string, ...params: unknown[]): TraceEvent {
  step += 1;
  return { type: "sent", step, session, operation: session, f: "pay", sql, params };
}
function returned(session: number, result: TracedResult): TraceEvent {
  return { type: "returned", step, session, result };
}
const ok = { affected: 0 };
const deadlock = { error: { cause: "deadlock", code: 1213, message: "Deadlock found;\n-- session B" } };

/** Everything that can be in a trace. */
function traceOf(kind: DatabaseKind): Trace {
  return {
    database: {
      kind,
      version: kind === "postgres" ? "18.4" : "10.11.19",
      settings: { innodb_snapshot_isolation: "ON" },
    },
    isolation: "repeatable-read",
    sessions: 3,
    schema: [
      "create table account (id int primary key, value int)",
      "create procedure p() begin select 1; end",
    ],
    setup: ["insert into account values (1, 10)"],
    events: [
      sent(0, "BEGIN"),
      returned(0, ok),
      sent(0, "select *\n  from account where id = $1", 1),
      returned(0, { rows: [{ id: 1, value: 10, note: `long ${"x".repeat(60)}\n-- session B` }] }),
      sent(1, "BEGIN"),
      returned(1, ok),
      sent(0, "update account set value = $1 where id = $2", 11, 1),
      returned(0, { affected: 1 }),
      sent(1, "update account set value = $1 where id = $2", 12, 1),
      { type: "blocked", step, session: 1 },
      sent(2, "delete from account"),
      { type: "blocked", step, session: 2 },
      { type: "deferred", step, session: 2 },
      sent(0, "COMMIT"),
      returned(0, ok),
      returned(1, deadlock),
      sent(2, "delete from account"),
      returned(2, { affected: 1 }),
      sent(0, "BEGIN"),
      returned(0, ok),
      { type: "fault", step, session: 0, fault: "kill-connection" },
      sent(0, "select value from account"),
      sent(1, "select value from account"),
      returned(1, { rows: [] }),
      returned(0, { rows: [{ value: null }] }),
    ],
    rest: [{ sql: "select * from account", params: [], rows: [] }],
  };
}

test.each(["postgres", "mariadb"] as const)("a trace of %s with everything in it", async (kind) => {
  await expect(reproSql(traceOf(kind), title)).toMatchFileSnapshot(`snapshots/repro.${kind}.sql`);
});

test("the same trace as an isolation spec", async () => {
  await expect(isolationSpec(traceOf("postgres"), title)).toMatchFileSnapshot("snapshots/repro.spec");
});

test.each(["postgres", "mariadb"] as const)("each session of %s gets back just its statements", (kind) => {
  const scrap = fc.constantFrom(
    "'",
    '"',
    "`",
    "\\",
    "\n",
    ";",
    "--",
    "-- session B\n",
    "/*",
    "$$",
    "//",
    "a",
    "{}",
    "\u2028",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(scrap).map((scraps) => scraps.join("")),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 2 }), text)), (lines) => {
      const events = lines.flatMap(([session, value]) => [
        sent(session, "insert into account values ($1)", value),
        returned(session, { error: { cause: "other", message: value } }),
      ]);
      const trace = { ...traceOf(kind), schema: [], setup: [], events, rest: [] };
      const steps = stepsOf(
        reproSql(trace, { ...title, finding: lines.map(([, value]) => value).join(" ") }),
      );
      const inserts = steps.filter(({ sql }) => sql.startsWith("insert"));
      expect(inserts.map(({ session }) => session)).toEqual(lines.map(([session]) => "ABC"[session]));
      expect(
        inserts.every(({ sql }) => sql.startsWith("insert into account values (") && sql.endsWith("')")),
      ).toBe(true);
      // Beside them there are only the namespace's and the sessions' own statements.
      expect(steps.filter(({ sql }) => !/^(?:insert|CREATE|USE|SET|DROP) ?/.test(sql))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("what is no reproduction is not read as one", () => {
  expect(() => sessionsOf("select 1;")).toThrow(/does not name a server/);
  expect(() => sessionsOf("-- isolab repro.sql for MariaDB 10.11\nselect 1;")).toThrow(/No session is named/);
});

test("a body with semicolons is one statement", () => {
  const statements = sessionsOf(reproSql(traceOf("mariadb"), title)).get("A") ?? [];
  expect(statements).toContain("create procedure p() begin select 1; end");
});

test("a spec is refused where the tester could not repeat it", () => {
  const base = traceOf("postgres");
  const fault: TraceEvent = { type: "fault", step: 9, session: 1, fault: "kill-connection" };
  expect(() => isolationSpec(traceOf("mariadb"), title)).toThrow(/this ran on mariadb: use repro\.sql/);
  expect(() => isolationSpec({ ...base, events: [], rest: [] }, title)).toThrow(/nothing to repeat/);
  expect(() => isolationSpec({ ...base, events: [sent(1, "select 1"), fault] }, title)).toThrow(
    UnwritableSpec,
  );
});

test("two that go on at once are told to be in no order", () => {
  const events = [
    sent(0, "COMMIT"),
    { type: "blocked", step, session: 0 },
    sent(1, "COMMIT"),
    { type: "blocked", step, session: 1 },
    sent(2, "COMMIT"),
    returned(2, ok),
    returned(0, ok),
    returned(1, ok),
  ] as const;
  const text = reproSql({ ...traceOf("postgres"), events }, title);
  expect(text).toContain("-- A goes on: ok\n\n-- B goes on: ok\n-- (both went on at the same time");
});
