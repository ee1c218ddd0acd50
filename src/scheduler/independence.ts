import type { DatabaseKind, IsolationLevel } from "../history/header.ts";
import type { Footprint, Point } from "./point.ts";

export interface IndependenceOptions {
  readonly isolation: IsolationLevel;
  /** Says when snapshots are taken and what serializable means; the worst is assumed where it is not given. */
  readonly database?: DatabaseKind | undefined;
  /** The server lets one session wait at a time, and others are sent back: what happens then hangs together. */
  readonly oneWaiter?: boolean | undefined;
}

/** A point, and what was seen of its step when it was executed. */
export interface ExecutedPoint {
  readonly point: Point;
  /** Other sessions were blocked after the step than before it. */
  readonly changedBlocked: boolean;
  /** It was the last step of its attempt at the operation. */
  readonly ended: boolean;
  /** A statement that may have failed, and with it what its transaction had done before. */
  readonly mayHaveFailed: boolean;
}

/** A session that waits for a lock: its statement, and what all of its transaction has touched. */
export interface WaitingSession {
  readonly point: Point;
  readonly transaction: Footprint;
}

/**
 * Whether two steps that are possible in one situation can change places there: in either order they lead
 * to the same state, give the same answers, and no operation ends before another begins that it else
 * overlapped. A conditional independence relation in the sense of Godefroid (Partial-Order Methods for the
 * Verification of Concurrent Systems, LNCS 1032, 1996), as sleep sets need it. Says no in doubt.
 *
 * It takes for granted that sessions share nothing but the database, each with a connection of its own, and that
 * a footprint holds what the server touches by itself: foreign keys, triggers, views, functions.
 *
 * @param waiting the sessions that are blocked in this situation
 */
export function independent(
  a: ExecutedPoint,
  b: ExecutedPoint,
  waiting: readonly WaitingSession[],
  options: IndependenceOptions,
): boolean {
  if (a.point.session === b.point.session) return false;
  if (mayOrderOperations(a, b) || mayOrderOperations(b, a)) return false;
  if (a.point.kind === "think" || b.point.kind === "think") return true;
  if (options.oneWaiter === true && waiting.length > 0) return false;
  // Which locks an error released is more than the statement's own footprint says.
  if (a.mayHaveFailed || b.mayHaveFailed) return false;
  if (!commute(a.point, b.point, options)) return false;
  // Two that wait close a deadlock or queue up, in the order of their steps; and who is woken may wait again.
  return !(unsettles(a, waiting, options) && unsettles(b, waiting, options));
}

/** One ends an operation with the step by which another begins: a history keeps their order in real time. */
function mayOrderOperations(ending: ExecutedPoint, beginning: ExecutedPoint): boolean {
  return beginning.point.begins && (ending.ended || endsTransaction(ending.point));
}

/** Whether a step has to do with those that wait: one of them was woken or came to it, or might have. */
function unsettles(
  { point, changedBlocked }: ExecutedPoint,
  waiting: readonly WaitingSession[],
  options: IndependenceOptions,
): boolean {
  if (changedBlocked) return true;
  // Who is woken may fail and end its operation: whether another one begins before or after that is told.
  if (point.begins && waiting.length > 0) return true;
  return waiting.some(({ point: statement, transaction }) => {
    const end: Point = { ...statement, kind: "rollback", sql: null, first: false, footprint: transaction };
    return !commute(point, statement, options) || !commute(point, end, options);
  });
}

/** Whether two steps change places as far as their points tell, provided that neither waits nor wakes. */
function commute(a: Point, b: Point, options: IndependenceOptions): boolean {
  if (refusesByHistory(options) || asksForLocks(a) || asksForLocks(b)) return false;
  if (decidesSnapshot(a, b, options) || decidesSnapshot(b, a, options)) return false;
  const [mine, theirs] = [a.footprint, b.footprint];
  if (mine.tables === "all" || theirs.tables === "all") return false;
  if (mine.readOnly && theirs.readOnly && options.isolation !== "serializable") return true;
  return !mine.tables.some((table) => theirs.tables.includes(table));
}

/**
 * PostgreSQL's serializable refuses one transaction of a dangerous structure, and which one depends on the
 * order in which the reads and commits of all tables came; InnoDB's only locks what is read.
 */
function refusesByHistory({ isolation, database }: IndependenceOptions): boolean {
  return isolation === "serializable" && (database === undefined || database === "postgres");
}

/** Whether what the second step's transaction sees depends on whether it comes before the first one. */
function decidesSnapshot(end: Point, other: Point, { isolation, database }: IndependenceOptions): boolean {
  if (!endsTransaction(end) && !mayCommitItself(end)) return false;
  // What one statement sees that is alone is what its footprint holds.
  if (other.alone === true && other.kind === "query") return false;
  if (isolation === "serializable") return true;
  if (isolation !== "repeatable-read") return false;
  // InnoDB opens the read view with the first plain read, which may come long after the first statement.
  return other.first || (database !== "postgres" && other.kind === "query");
}

function endsTransaction({ kind }: Point): boolean {
  return kind === "commit" || kind === "rollback";
}

/** A statement that writes outside of any transaction, or may be one. */
function mayCommitItself({ kind, first, alone, footprint }: Point): boolean {
  return kind === "query" && !footprint.readOnly && (alone ?? first);
}

/** Statements whose answer depends on who holds a lock at that moment, of a table or none. */
function asksForLocks({ sql }: Point): boolean {
  return sql !== null && /\bskip\s+locked\b|\bnowait\b|advisory|_lock\b|\bpg_locks\b/i.test(sql);
}
