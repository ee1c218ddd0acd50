import { typeCode, type History } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import { triesAgain } from "../../runner/backoff.ts";
import type { RetryPolicy } from "../../workload/workload.ts";

/** One attempt at a planned operation, as the history has it. */
export interface TimedAttempt {
  readonly invokedNanos: number;
  readonly endedNanos: number;
  readonly type: "ok" | "fail" | "info";
  /** Why it did not end `ok`. */
  readonly cause: string | undefined;
  /** Whether the server gave that reason: it comes with a code of its. */
  readonly byServer: boolean;
}

/** A planned operation with all its attempts, the first one first. */
export interface PlannedOutcome {
  readonly session: number;
  readonly attempts: readonly [TimedAttempt, ...TimedAttempt[]];
  /** True when another attempt would have followed, had the run gone on. */
  readonly cut: boolean;
}

/**
 * Puts the attempts of a free-running history together that belong to one planned operation. The history does
 * not name it, but leaves no doubt: a session carries out one operation after another, its process number is
 * its own modulo the number of sessions, and what follows a failure that the variant's policy tries again is
 * that other attempt. Reads at rest, by a process that nobody used before, and faults are left out.
 *
 * @param sessions of the run
 * @param retry the policy that the run had
 */
export function plannedOutcomes(
  history: History,
  sessions: number,
  retry: RetryPolicy | undefined,
): readonly PlannedOutcome[] {
  const atRest = sessions * (1 + unknownEndings(history));
  const open = new Map<number, [TimedAttempt, ...TimedAttempt[]]>();
  const outcomes: PlannedOutcome[] = [];
  for (let row = 0; row < history.length; row++) {
    const process = history.process[row] ?? -1;
    const began = history.pair[row] ?? -1;
    if (history.type[row] === typeCode.invoke || began < 0 || process < 0 || process >= atRest) continue;
    const session = process % sessions;
    const attempt = attemptAt(history, began, row);
    const before = open.get(session);
    const attempts: [TimedAttempt, ...TimedAttempt[]] =
      before === undefined ? [attempt] : [...before, attempt];
    const again =
      attempt.type === "fail" &&
      retry !== undefined &&
      triesAgain(retry, attempt.cause ?? "", attempts.length);
    if (again) {
      open.set(session, attempts);
    } else {
      open.delete(session);
      outcomes.push({ session, attempts, cut: false });
    }
  }
  for (const [session, attempts] of open) outcomes.push({ session, attempts, cut: true });
  return outcomes;
}

/** How many processes were replaced: the reads at rest come after the numbers that those took. */
function unknownEndings({ length, type, process }: History): number {
  let count = 0;
  for (let row = 0; row < length; row++)
    if (type[row] === typeCode.info && (process[row] ?? -1) >= 0) count++;
  return count;
}

const typeNames = { [typeCode.ok]: "ok", [typeCode.fail]: "fail", [typeCode.info]: "info" } as const;

function attemptAt(history: History, began: number, ended: number): TimedAttempt {
  const { cause, code } = errorFields(history.error.get(ended));
  return {
    invokedNanos: history.time[began] ?? 0,
    endedNanos: history.time[ended] ?? 0,
    type: typeNames[history.type[ended] as keyof typeof typeNames],
    cause: typeof cause === "string" ? cause : undefined,
    byServer: code !== undefined,
  };
}

function errorFields(error: Json | undefined): { readonly cause?: Json; readonly code?: Json } {
  return typeof error === "object" && error !== null && !Array.isArray(error)
    ? (error as Readonly<Record<string, Json>>)
    : {};
}
