import type { Connection } from "../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../clients/database-error.ts";
import type { Rng } from "../random/rng.ts";
import { backoffMs } from "./backoff.ts";
import type { FaultPlan } from "./fault-plan.ts";
import type { RunContext } from "./run-context.ts";

const reconnectPolicy = { baseMs: 20, maxMs: 1_000 };

/** How often a session tries to reach the server again before the run is given up: some six seconds. */
const reconnectAttempts = 12;
/** Where faults are injected, some thirty seconds, and twice as long as a fault lasts: a crash has its recovery, too. */
const attemptsUnderFaults = 64;
/** A pause between two attempts, once they have become long. */
const meanPauseMs = 500;

/**
 * The connection that there is, if it is usable; otherwise a new one, after as many attempts as it takes.
 *
 * @param rng for the pauses between attempts
 * @throws the reason of `stop` when that is aborted meanwhile; EnvironmentError when the server does not
 * come back
 */
export async function connected(
  { database, isolation, clock, faults }: Pick<RunContext, "database" | "isolation" | "clock" | "faults">,
  current: Connection | undefined,
  rng: Rng,
  stop: AbortSignal,
): Promise<Connection> {
  if (current?.usable === true) return current;
  await current?.close();
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.connect(isolation);
    } catch (error) {
      const refused = error instanceof DatabaseError || error instanceof EnvironmentError;
      if (!refused) throw error;
      stop.throwIfAborted();
      if (attempt >= mostAttempts(faults)) throw lostForGood(error);
      await clock.sleep(backoffMs(reconnectPolicy, attempt, rng), stop);
    }
  }
}

function mostAttempts(faults: FaultPlan | undefined): number {
  return faults === undefined
    ? reconnectAttempts
    : attemptsUnderFaults + Math.ceil((2 * faults.durationMs) / meanPauseMs);
}

function lostForGood(error: DatabaseError | EnvironmentError): EnvironmentError {
  const full = error instanceof DatabaseError && error.fields.cause === "too-many-connections";
  return new EnvironmentError(
    full
      ? "the server has no connections left for so many sessions: lower --sessions"
      : `the server was lost and did not come back: ${error.message}`,
    { cause: error },
  );
}
