import { expect, test } from "vitest";

import { isolationSpec } from "../../../src/report/reproduction/isolation-spec.ts";
import type { Trace, TracedResult } from "../../../src/scheduler/trace.ts";
import { freshRun, serverOf } from "../../support/databases.ts";
import { runIsolationTester, type ToldStep } from "./isolation-tester.ts";
import { scenarios, traceOf } from "./scenarios.ts";

const postgres = serverOf("postgres");
const cases = scenarios.filter(({ dialects }) => dialects.includes("postgres"));

test.each(cases)("PostgreSQL's isolation tester repeats $name", async (scenario) => {
  const trace = await traceOf(scenario, postgres);
  const title = { anomaly: scenario.name, workload: "account:naive", finding: "Something went wrong." };
  const spec = isolationSpec(trace, title).replaceAll("isolab_repro", `isolab_s_${freshRun()}`);
  if (process.env.SHOW_REPRO !== undefined) console.log(spec);

  const told = await runIsolationTester(spec, postgres);
  expect(told.map(({ waited, lines, error }) => ({ waited, lines, error }))).toEqual(expected(trace));
  expect(new Set(told.map(({ name }) => name)).size).toBe(told.length);
});

/** What the trace observed, in the order in which it came back; a fault is a ROLLBACK there. */
function expected(trace: Trace): readonly Omit<ToldStep, "name">[] {
  const blocked = new Set<number>();
  const begun = new Set<number>();
  const sent = new Map<number, string>();
  const observed: Omit<ToldStep, "name">[] = [];
  for (const event of trace.events) {
    const { session } = event;
    if (event.type === "sent") sent.set(session, event.sql);
    if (event.type === "blocked") blocked.add(session);
    if (event.type === "fault") {
      observed.push({ waited: false, lines: [], error: undefined });
      begun.delete(session);
    }
    if (event.type !== "returned") continue;
    const isSetup = sent.get(session) === "BEGIN" && !begun.has(session);
    begun.add(session);
    // The one that a deadlock ends has waited, too.
    const waited =
      blocked.delete(session) || ("error" in event.result && event.result.error.cause === "deadlock");
    if (!isSetup) observed.push({ waited, ...asText(event.result) });
  }
  return [...observed, ...trace.rest.map(({ rows }) => ({ waited: false, ...asText({ rows }) }))];
}

function asText(result: TracedResult): Pick<ToldStep, "lines" | "error"> {
  if ("error" in result) return { lines: [], error: result.error.message };
  if (!("rows" in result)) return { lines: [], error: undefined };
  const cell = (value: unknown): string => (value === null ? "" : (value as string));
  const rows = result.rows.map((row) => Object.values(row).map(cell).join("|"));
  return { lines: rows.flatMap((row) => row.split("\n")), error: undefined };
}
