import { showValue } from "../history/json-value.ts";
import type { ExecutedPoint, WaitingSession } from "./independence.ts";
import type { Footprint, Point } from "./point.ts";
import { sameSessions, situationOf } from "./replay-strategy.ts";
import { ScheduleDivergence } from "./schedule-divergence.ts";
import type { Choice } from "./strategy.ts";

/** A choice of the schedule under way, and what of it has been and has to be executed. */
export interface Fork {
  readonly choice: Choice;
  /** Preemptions before it. */
  readonly preemptions: number;
  /** Points that need not be let go here, because all that follows them has been executed elsewhere. */
  readonly asleep: ExecutedPoint[];
  /** The point that is let go. */
  taken: Point;
  /** Points still to be let go, in this order. */
  readonly open: Point[];
  /** What came of `taken`; undefined until it was executed. */
  executed: ExecutedPoint | undefined;
}

/** What the choice after a step, or the end of the schedule, tells of the step. */
export function executedPoint({ choice, taken }: Fork, after: Choice | undefined): ExecutedPoint {
  const blocked = after?.blocked ?? [];
  const next = after?.ready.find(({ session }) => session === taken.session);
  const waits = blocked.includes(taken.session);
  const changedBlocked = !sameSessions(choice.blocked, blocked);
  const ended = next === undefined ? !waits : next.begins;
  // What its session does next tells it; and but for a rollback, a statement wakes nobody.
  const lookedBad = ended || next?.kind === "rollback" || (changedBlocked && !waits);
  const mayHaveFailed = taken.kind === "query" && !taken.first && lookedBad;
  return { point: taken, changedBlocked, ended, mayHaveFailed };
}

/**
 * The sessions that are blocked at a fork: each waits in the point that it was let go from last.
 *
 * @param forks from the first of the schedule, at least up to the fork
 */
export function waitingAt(forks: readonly Fork[], fork: Fork): WaitingSession[] {
  const path = forks.slice(0, forks.indexOf(fork)).map(({ taken }) => taken);
  return fork.choice.blocked.map((session) => {
    const own = path.filter((point) => point.session === session);
    const point = own.at(-1);
    if (point === undefined) throw new Error(`session ${session} is blocked and was never let go`);
    const begun = own.findLastIndex(({ first }) => first);
    return { point, transaction: union(own.slice(Math.max(begun, 0)).map(({ footprint }) => footprint)) };
  });
}

function union(footprints: readonly Footprint[]): Footprint {
  const tables = new Set<string>();
  let all = false;
  for (const footprint of footprints) {
    if (footprint.tables === "all") all = true;
    else for (const table of footprint.tables) tables.add(table);
  }
  return { tables: all ? "all" : [...tables], readOnly: footprints.every(({ readOnly }) => readOnly) };
}

/** @throws ScheduleDivergence unless the same sessions are ready, at the same points, and blocked. */
export function requireSameChoice(known: Choice, found: Choice): void {
  const [expected, actual] = [situationOf(known), situationOf(found)];
  if (!sameSessions(expected.ready, actual.ready) || !sameSessions(expected.blocked, actual.blocked))
    throw new ScheduleDivergence(found.step, expected, actual);
  const other = [...known.ready.entries()].flatMap(([at, point]) =>
    samePoint(point, found.ready[at]) ? [] : [at],
  );
  if (other.length === 0) return;
  const told = (choice: Choice): string[] => other.flatMap((at) => describePoint(choice.ready[at]));
  throw new ScheduleDivergence(
    found.step,
    { ...expected, points: told(known) },
    { ...actual, points: told(found) },
  );
}

/** Whether a session is about to do the same thing. The footprint follows from the rest. */
export function samePoint(a: Point, b: Point | undefined): boolean {
  return (
    a.session === b?.session &&
    a.operation === b.operation &&
    a.attempt === b.attempt &&
    a.kind === b.kind &&
    a.sql === b.sql &&
    a.first === b.first &&
    a.begins === b.begins &&
    a.alone === b.alone
  );
}

function describePoint(point: Point | undefined): string[] {
  if (point === undefined) return [];
  const { session, operation, attempt, kind, sql } = point;
  const what = sql === null ? kind : showValue(sql);
  return [`session ${session} at ${what} of operation ${operation}, attempt ${attempt + 1}`];
}
