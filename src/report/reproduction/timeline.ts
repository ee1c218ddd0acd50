import type { DatabaseKind } from "../../history/header.ts";
import type { Trace, TracedResult, TraceEvent } from "../../scheduler/trace.ts";
import { withLiterals } from "./sql-literal.ts";
import { dialectOf } from "./sql-pieces.ts";
import { tidySql } from "./tidy-sql.ts";

/** A statement as a person types it, and what came of it. */
export interface TypedStatement {
  readonly kind: "statement";
  readonly session: number;
  /** How many connections the session had lost before: after a fault that ended it, it connects again. */
  readonly connection: number;
  /** It is the first one on a connection that took the place of a lost one. */
  readonly reconnects: boolean;
  /** Tidy, with literals, without a `;`. */
  readonly sql: string;
  readonly role: StatementRole;
  /** The operation's name. */
  readonly f: string;
  /** What it answered, unless another session's statement came before that. */
  readonly result: TracedResult | undefined;
  /** Sessions whose transactions it may be waiting for; undefined when it did not wait. */
  readonly waitsFor: readonly number[] | undefined;
}

/** What a statement does to its transaction. */
export type StatementRole = "begin" | "commit" | "rollback" | "inside" | "alone";

export type TimelineEntry =
  | TypedStatement
  /** A statement from further up has come back. */
  | {
      readonly kind: "returned";
      readonly session: number;
      readonly sql: string;
      readonly result: TracedResult;
    }
  /** A statement was tried, had to wait, and was taken back. */
  | { readonly kind: "deferred"; readonly session: number }
  /** `open`: a transaction of the session was under way. `pending`: a statement was. */
  | {
      readonly kind: "fault";
      readonly session: number;
      /** The connection that was hit, as in {@link TypedStatement.connection}. */
      readonly connection: number;
      readonly fault: string;
      readonly open: boolean;
      readonly pending: boolean;
    };

/**
 * What happened in the order in which a person would see it. A statement that was answered before any other
 * was sent carries its answer; otherwise the answer is an entry of its own, where it came.
 */
export function timelineOf(trace: Trace): readonly TimelineEntry[] {
  const sessions = Array.from({ length: trace.sessions }, (): SessionState => ({
    connection: 0,
    fresh: false,
    open: false,
  }));
  const entries: TimelineEntry[] = [];
  for (const [position, event] of trace.events.entries()) {
    const state = sessions[event.session];
    if (state === undefined) throw new RangeError(`session ${event.session} is none of ${trace.sessions}`);
    const entry = entryOf(event, state, { trace, position, sessions });
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** A BEGIN, COMMIT or ROLLBACK that did what it says: its answer is not worth a line. */
export function wentWithoutSaying({ role, result }: TypedStatement): boolean {
  return !["inside", "alone"].includes(role) && result !== undefined && !("error" in result);
}

/** Whether a session that a fault strikes is ended by it, and its transaction rolled back. */
export function endsSession(fault: string): boolean {
  return fault === "kill-connection" || fault === losingRequest;
}

/** The fault that keeps a COMMIT from the server. */
export const losingRequest = "lose-commit-request";

/** Faults that strike a COMMIT as it is sent. */
const losses: readonly string[] = [losingRequest, "lose-commit-reply"];

interface SessionState {
  connection: number;
  /** Nothing was sent since the last connection was lost. */
  fresh: boolean;
  /** Between BEGIN and the answer to COMMIT or ROLLBACK. */
  open: boolean;
  /** The statement that was sent and has not come back. */
  pending?: Extract<TraceEvent, { type: "sent" }> | undefined;
  /** Its answer is on its entry already. */
  answered?: boolean;
  /** The step whose statements never reached the server. */
  unsentAt?: number;
  /** The connection is lost with the answer to the statement under way. */
  losing?: boolean;
}

interface Surroundings {
  readonly trace: Trace;
  readonly position: number;
  readonly sessions: readonly SessionState[];
}

function entryOf(event: TraceEvent, state: SessionState, around: Surroundings): TimelineEntry | undefined {
  const { kind } = around.trace.database;
  switch (event.type) {
    case "sent":
      return event.step === state.unsentAt ? undefined : statement(event, state, around);
    case "returned": {
      const { pending, answered } = state;
      if (pending === undefined) return undefined;
      if (isOver(pending.sql, event.result, kind)) state.open = false;
      state.pending = undefined;
      if (state.losing === true) connectsAgain(state);
      state.losing = false;
      return answered === true
        ? undefined
        : { kind: "returned", session: event.session, sql: typed(pending, kind), result: event.result };
    }
    case "blocked":
      return undefined;
    case "deferred":
      state.pending = undefined;
      return { kind: "deferred", session: event.session };
    case "fault": {
      const { connection, open, pending } = state;
      if (losses.includes(event.fault) && !sendsInTheSameStep(around)) return undefined;
      if (event.fault === losingRequest) state.unsentAt = event.step;
      if (endsSession(event.fault)) connectsAgain(state);
      else state.losing = losses.includes(event.fault);
      return {
        kind: "fault",
        session: event.session,
        connection,
        fault: event.fault,
        open,
        pending: pending !== undefined,
      };
    }
  }
}

function connectsAgain(state: SessionState): void {
  state.connection += 1;
  state.fresh = true;
  state.open = false;
}

/** Whether the session that the event is about sends something in the event's step. */
function sendsInTheSameStep({ trace: { events }, position }: Surroundings): boolean {
  const event = events[position];
  return events.some(
    ({ type, session, step }) => type === "sent" && session === event?.session && step === event.step,
  );
}

function statement(
  event: Extract<TraceEvent, { type: "sent" }>,
  state: SessionState,
  { trace, position, sessions }: Surroundings,
): TypedStatement | undefined {
  const { session } = event;
  const fate = fateOf(trace.events, position);
  state.pending = event;
  state.answered = fate.result !== undefined;
  if (fate.deferred) return undefined;
  const reconnects = state.fresh;
  state.fresh = false;
  const role = roleOf(event.sql, state.open);
  if (role === "begin") state.open = true;
  return {
    kind: "statement",
    session,
    connection: state.connection,
    reconnects,
    sql: typed(event, trace.database.kind),
    role,
    f: event.f,
    result: fate.result,
    waitsFor: fate.blocked
      ? sessions.flatMap((other, i) =>
          i !== session && (other.open || other.pending !== undefined) ? [i] : [],
        )
      : undefined,
  };
}

interface Fate {
  readonly blocked: boolean;
  readonly deferred: boolean;
  /** The answer, when it came before anybody sent another statement. */
  readonly result: TracedResult | undefined;
}

/** What becomes of the statement that was sent at a position. */
function fateOf(events: readonly TraceEvent[], position: number): Fate {
  const session = events[position]?.session;
  let blocked = false;
  let atOnce = true;
  for (const event of events.slice(position + 1)) {
    if (event.session !== session) {
      if (event.type !== "returned") atOnce = false;
      continue;
    }
    if (event.type === "blocked") blocked = true;
    else if (event.type === "deferred") return { blocked, deferred: true, result: undefined };
    else if (event.type === "returned")
      return { blocked, deferred: false, result: atOnce && !blocked ? event.result : undefined };
    else break;
  }
  return { blocked, deferred: false, result: undefined };
}

function typed({ sql, params }: { sql: string; params: readonly unknown[] }, kind: DatabaseKind): string {
  return tidySql(withLiterals(sql, params, kind), dialectOf(kind));
}

function roleOf(sql: string, open: boolean): StatementRole {
  if (/^\s*(?:begin|start\s+transaction)\b/i.test(sql)) return "begin";
  if (/^\s*(?:commit|end)\b/i.test(sql)) return "commit";
  if (/^\s*(?:rollback(?!\s+to\b)|abort)\b/i.test(sql)) return "rollback";
  return open ? "inside" : "alone";
}

/** Whether a statement, with what it answered, leaves no transaction open. */
function isOver(sql: string, result: TracedResult, kind: DatabaseKind): boolean {
  if (["commit", "rollback"].includes(roleOf(sql, false))) return true;
  // InnoDB rolls all of it back then; PostgreSQL holds its locks until ROLLBACK.
  return (
    kind !== "postgres" && "error" in result && ["deadlock", "snapshot-conflict"].includes(result.error.cause)
  );
}
