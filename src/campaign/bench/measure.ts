import type { LockWaitSample } from "../../runner/sample-lock-waits.ts";
import type { RetryPolicy } from "../../workload/workload.ts";
import { percentilesOf, type Percentiles } from "./figures.ts";
import type { PlannedOutcome, TimedAttempt } from "./planned-outcomes.ts";

/** The figures of one run. Only what ended within the measured time counts. The keys are stable. */
export interface Measured {
  readonly seconds: number;
  /** Planned operations that surely committed. */
  readonly committed: number;
  /** Committed operations per second. */
  readonly throughput: number;
  /** Of committed operations, from the first attempt's invocation to the commit; pauses between attempts included. */
  readonly latencyMs: Percentiles | null;
  /** Of their last attempts alone. */
  readonly attemptMs: Percentiles | null;
  readonly attempts: number;
  /** Attempts that were not the first at their operation. */
  readonly retries: number;
  /** Failed attempts by cause. */
  readonly aborts: Readonly<Record<string, number>>;
  /** Operations that failed and were given up: nobody did that work. */
  readonly lost: number;
  /** Operations that the application itself declined, as its rules want it. */
  readonly refused: number;
  /** Operations of which nobody knows whether they committed. */
  readonly unknown: number;
  /** Share of all sessions' time in which they waited for locks, from 0 to 1; null where the server does not say. */
  readonly lockWaits: number | null;
}

/** What a run is measured by. */
export interface Measurement {
  readonly outcomes: readonly PlannedOutcome[];
  /** How many operations each session was to carry out. */
  readonly planned: readonly number[];
  readonly retry: RetryPolicy | undefined;
  readonly samples: readonly LockWaitSample[] | null;
  /** The measured time begins when the warm-up is over and ends at the latest then; in nanoseconds. */
  readonly window: { readonly from: number; readonly to: number };
}

/** The figures of a run; null when it was over before anything could be measured. */
export function measure({ outcomes, planned, retry, samples, window }: Measurement): Measured | null {
  const { from } = window;
  const to = Math.min(window.to, firstSessionDone(outcomes, planned));
  if (to <= from) return null;
  const inTime = ({ endedNanos }: TimedAttempt): boolean => endedNanos > from && endedNanos <= to;
  const ended = outcomes.filter(({ attempts, cut }) => !cut && inTime(lastOf(attempts)));
  const committed = ended.filter(({ attempts }) => lastOf(attempts).type === "ok");
  const failed = ended.filter(({ attempts }) => lastOf(attempts).type === "fail");
  const refused = failed.filter(({ attempts }) => isRefusal(lastOf(attempts), retry));
  const attempts = outcomes.flatMap((outcome) => outcome.attempts).filter(inTime);
  const seconds = (to - from) / 1e9;
  return {
    seconds,
    committed: committed.length,
    throughput: committed.length / seconds,
    latencyMs: percentilesOf(
      committed.map((one) => (lastOf(one.attempts).endedNanos - one.attempts[0].invokedNanos) / 1e6),
    ),
    attemptMs: percentilesOf(
      committed.map(({ attempts: all }) => (lastOf(all).endedNanos - lastOf(all).invokedNanos) / 1e6),
    ),
    attempts: attempts.length,
    retries: outcomes.flatMap(({ attempts: [, ...others] }) => others).filter(inTime).length,
    aborts: countByCause(attempts.filter(({ type }) => type === "fail")),
    lost: failed.length - refused.length,
    refused: refused.length,
    unknown: ended.length - committed.length - failed.length,
    lockWaits: shareWaiting(samples, planned.length, { from, to }),
  };
}

/** When the first session had carried out all it was to: from then on fewer sessions meet. */
function firstSessionDone(outcomes: readonly PlannedOutcome[], planned: readonly number[]): number {
  const left = [...planned];
  let first = Infinity;
  for (const { session, attempts, cut } of outcomes) {
    if (cut) continue;
    left[session] = (left[session] ?? 0) - 1;
    if (left[session] === 0) first = Math.min(first, lastOf(attempts).endedNanos);
  }
  return first;
}

/** Causes without a code of the server's that are no decision of the application's. */
const neverDecided = new Set([
  "lock-timeout",
  "connection-lost",
  "server-shutdown",
  "rolled-back",
  "transaction-aborted",
  "ended-by-statement",
]);

/** A body that throws Abort for a reason that is not tried again has decided not to: that is an answer. */
function isRefusal({ cause = "", byServer }: TimedAttempt, retry: RetryPolicy | undefined): boolean {
  return !byServer && !neverDecided.has(cause) && retry?.causes.includes(cause) !== true;
}

function countByCause(failed: readonly TimedAttempt[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { cause = "other" } of failed) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

function shareWaiting(
  samples: readonly LockWaitSample[] | null,
  sessions: number,
  { from, to }: Measurement["window"],
): number | null {
  const seen = samples?.filter(({ atNanos }) => atNanos > from && atNanos <= to) ?? [];
  if (seen.length === 0) return null;
  return seen.reduce((sum, { waiting }) => sum + waiting, 0) / (seen.length * sessions);
}

function lastOf(attempts: PlannedOutcome["attempts"]): TimedAttempt {
  return attempts.at(-1) ?? attempts[0];
}
