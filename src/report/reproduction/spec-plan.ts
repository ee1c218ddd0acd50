import type { Trace, TracedResult } from "../../scheduler/trace.ts";
import { flat, resultLines } from "./result-lines.ts";
import { beginStatement } from "./session-start.ts";
import { withLiterals } from "./sql-literal.ts";
import { tidySql } from "./tidy-sql.ts";
import {
  endsSession,
  timelineOf,
  wentWithoutSaying,
  type TimelineEntry,
  type TypedStatement,
} from "./timeline.ts";

/** The trace is not one that PostgreSQL's isolation tester can repeat. The message says why. */
export class UnwritableSpec extends Error {
  override readonly name = "UnwritableSpec";
}

export interface SpecStep {
  readonly name: string;
  readonly sql: string;
  readonly notes: readonly string[];
  /** What the tester has to wait for before it tells of the step's end: names of steps, or `*`. */
  readonly markers: string[];
}

/** One connection: a session of the trace, or what followed after it had lost its connection. */
export interface SpecSession {
  readonly name: string;
  /** The session of the trace; undefined for the reads at rest. */
  readonly session: number | undefined;
  /** Its first statement when that is a BEGIN. */
  begin: string | undefined;
  readonly steps: SpecStep[];
  /** A transaction is left open, which the next permutation must not find. */
  open: boolean;
}

/** The sessions of a spec, and its steps in the order in which they are sent. */
export interface SpecPlan {
  readonly sessions: readonly SpecSession[];
  readonly permutation: readonly SpecStep[];
}

/**
 * What a spec consists of, for a trace of PostgreSQL.
 *
 * @throws UnwritableSpec for a fault that struck during a statement
 */
export function specPlan(trace: Trace): SpecPlan {
  const planner = new Planner(trace);
  for (const entry of timelineOf(trace)) planner.take(entry);
  planner.readAtRest();
  return {
    sessions: [...planner.sessions.values()].filter(({ steps }) => steps.length > 0),
    permutation: planner.permutation,
  };
}

/** The tester's session for one of the trace's. */
export function specSessionName(session: number, connection: number): string {
  return `s${session}${connection === 0 ? "" : `r${connection}`}`;
}

/** Whether a deadlock ended the statement. */
export function isDeadlock(result: TracedResult): boolean {
  return "error" in result && result.error.cause === "deadlock";
}

class Planner {
  readonly sessions = new Map<string, SpecSession>();
  readonly permutation: SpecStep[] = [];
  readonly #trace: Trace;
  readonly #waiting = new Map<number, SpecStep>();
  /** The step that came back last: what comes back after it is to be told after it. */
  #last: SpecStep | undefined;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  take(entry: TimelineEntry): void {
    switch (entry.kind) {
      case "statement":
        this.#sent(entry);
        return;
      case "returned":
        this.#returned(entry.session);
        return;
      case "fault":
        if (endsSession(entry.fault)) this.#killed(entry);
        return;
      case "deferred":
        return;
    }
  }

  readAtRest(): void {
    for (const { sql, params, rows } of this.#trace.rest) {
      const text = tidySql(withLiterals(sql, params, "postgres"), "postgres");
      this.#add(this.#session("rest", undefined), text, resultLines(sql, { rows }));
    }
  }

  #sent(entry: TypedStatement): void {
    const session = this.#session(specSessionName(entry.session, entry.connection), entry.session);
    const isBegin = entry.role === "begin";
    const sql = isBegin ? beginStatement(entry.sql, "postgres", this.#trace.isolation) : entry.sql;
    session.open = isBegin || (session.open && entry.role === "inside");
    if (isBegin && session.steps.length === 0 && session.begin === undefined) {
      session.begin = sql;
      return;
    }
    const step = this.#add(session, sql, notesOf(entry));
    if (entry.result === undefined) this.#waiting.set(entry.session, step);
    else this.#last = step;
    // Its victim is told as waiting or not, as the tester happens to look.
    if (entry.result !== undefined && isDeadlock(entry.result)) step.markers.push("*");
  }

  #returned(session: number): void {
    const step = this.#waiting.get(session);
    if (step === undefined) return;
    if (this.#last !== undefined && this.#last !== step) step.markers.push(`"${this.#last.name}"`);
    this.#last = step;
  }

  #killed({ session, connection, fault, open, pending }: Extract<TimelineEntry, { kind: "fault" }>): void {
    if (pending)
      throw new UnwritableSpec(
        `The fault ${fault} struck during a statement, which the isolation tester cannot repeat: use repro.sql.`,
      );
    if (!open) return;
    const victim = this.#session(specSessionName(session, connection), session);
    this.#last = this.#add(victim, "ROLLBACK", [`stands for the fault ${flat(fault)}`]);
    victim.open = false;
  }

  #session(name: string, session: number | undefined): SpecSession {
    const known = this.sessions.get(name) ?? { name, session, begin: undefined, steps: [], open: false };
    this.sessions.set(name, known);
    return known;
  }

  #add(session: SpecSession, sql: string, notes: readonly string[]): SpecStep {
    const name = `${session.name}_${session.steps.length + 1}_${firstWord(sql)}`;
    const step = { name, sql, notes, markers: [] };
    session.steps.push(step);
    this.permutation.push(step);
    return step;
  }
}

function notesOf(entry: TypedStatement): readonly string[] {
  const { waitsFor, result, sql } = entry;
  if (waitsFor !== undefined)
    return [
      waitsFor.length === 0
        ? "waits"
        : `waits for ${waitsFor.map((session) => specSessionName(session, 0)).join(" or ")}`,
    ];
  return result === undefined || wentWithoutSaying(entry) ? [] : resultLines(sql, result);
}

function firstWord(sql: string): string {
  return /^[\s(]*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase() ?? "step";
}
