import { expect, test } from "vitest";

import { isolationSpec } from "../../../src/report/reproduction/isolation-spec.ts";
import { stepsOf } from "../../../src/report/reproduction/read-repro.ts";
import { reproSql } from "../../../src/report/reproduction/repro-sql.ts";
import { timelineOf } from "../../../src/report/reproduction/timeline.ts";
import type { Trace, TraceEvent, TracedResult } from "../../../src/scheduler/trace.ts";

const title = { anomaly: "lost-update", workload: "account:naive", finding: "An update is gone." };

function sent(step: number, sql: string): TraceEvent {
  return { type: "sent", step, session: 0, operation: step, f: "pay", sql, params: [] };
}
function returned(step: number, result: TracedResult): TraceEvent {
  return { type: "returned", step, session: 0, result };
}
const lost = { error: { cause: "connection-lost", message: "gone" } };

/** One session whose COMMIT a fault strikes, and what it does afterwards. */
function traceOf(fault: string): Trace {
  return {
    database: { kind: "postgres", version: "18.4", settings: {} },
    isolation: "read-committed",
    sessions: 1,
    schema: ["create table account (id int primary key, value int)"],
    setup: [],
    events: [
      // At another point it does nothing.
      { type: "fault", step: 0, session: 0, fault },
      sent(1, "BEGIN"),
      sent(1, "update account set value = 1"),
      returned(1, { affected: 1 }),
      { type: "fault", step: 2, session: 0, fault },
      sent(2, "COMMIT"),
      returned(2, lost),
      sent(3, "select value from account"),
      returned(3, { rows: [] }),
    ],
    rest: [],
  };
}

/** What is to be pasted after the set-up, with what is said of it. */
function told(fault: string): string {
  const text = reproSql(traceOf(fault), title);
  return text.slice(text.indexOf("-- ---- The interleaving"), text.indexOf("-- ---- At rest"));
}

test("a COMMIT that never reached the server is not pasted: the session is ended instead", () => {
  const trace = traceOf("lose-commit-request");
  expect(timelineOf(trace).map(({ kind, session }) => [kind, session])).toEqual([
    ["statement", 0],
    ["statement", 0],
    ["fault", 0],
    ["statement", 0],
  ]);
  const text = told("lose-commit-request");
  expect(text).not.toMatch(/^COMMIT/m);
  expect(text).toMatch(/the COMMIT of session A is lost on its way to the server/);
  expect(text).toMatch(/pg_terminate_backend/);
  expect(text.match(/Connect A again/g)).toHaveLength(1);
  expect(stepsOf(reproSql(trace, title)).length).toBeGreaterThan(0);
  const spec = isolationSpec(trace, title);
  expect(spec).not.toMatch(/^step.*COMMIT/m);
  expect(spec).toMatch(/ROLLBACK/);
});

test("a COMMIT whose answer was lost is pasted, and the session connects again", () => {
  const text = told("lose-commit-reply");
  expect(text).toMatch(/Fault: lose-commit-reply strikes session A/);
  expect(text).toMatch(/^COMMIT;/m);
  expect(text).not.toMatch(/pg_terminate_backend/);
  expect(text.match(/Connect A again/g)).toHaveLength(1);
  expect(isolationSpec(traceOf("lose-commit-reply"), title)).toMatch(/^step.*COMMIT/m);
});
