import type { Connection } from "../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../clients/database-error.ts";
import { stream } from "../random/rng.ts";
import type { PlannedOperation } from "../workload/workload.ts";
import { runAttempt } from "./attempt.ts";
import { connected } from "./connected.ts";
import type { RunContext } from "./run-context.ts";

/** How long the server may take to forget the sessions of the run. */
const quietWaitMs = 30_000;
/** Those that are left after this are ended: their clients are gone. */
const patienceMs = 2_000;
const pollMs = 20;

/**
 * The final phase: once the server confirms that no other session of the run is left, a fresh
 * session reads everything. What a read at rest does not see is not there.
 *
 * @param process the first process number that nobody used
 * @throws EnvironmentError when the server does not come to rest or cannot be read
 */
export async function readAtRest(
  context: RunContext,
  reads: readonly PlannedOperation[],
  process: number,
): Promise<void> {
  await untilQuiet(context);
  const session = await connected(context, undefined, stream(context.seed, "retry/rest"), never);
  try {
    await readAll(context, reads, process, session);
  } finally {
    await session.close();
  }
}

/**
 * Carries out reads, one after another, on a session that nobody else uses.
 * @throws EnvironmentError when one fails
 */
export async function readAll(
  context: RunContext,
  reads: readonly PlannedOperation[],
  process: number,
  session: Connection,
): Promise<void> {
  for (const [number, planned] of reads.entries()) {
    const attempt = { process, planned, id: `rest-${number}.0`, think: () => Promise.resolve() };
    const ending = await runAttempt(context, session, attempt);
    if (ending.type !== "ok")
      throw new EnvironmentError(`the data could not be read at rest: ${ending.message}`);
  }
}

/**
 * Sessions whose clients have given up waiting may still be at work, and are ended; a server that is coming back
 * may not answer yet.
 */
async function untilQuiet({ clock, database }: RunContext): Promise<void> {
  const began = clock.nanos();
  const passedMs = (): number => (clock.nanos() - began) / 1e6;
  for (let ended = false; ;) {
    try {
      const left = await database.sessionsLeft();
      if (left === 0) return;
      if (passedMs() > quietWaitMs)
        throw new EnvironmentError(
          `${left} sessions of this run are still open on the server: it is not at rest`,
        );
      if (!ended && passedMs() > patienceMs) {
        await database.killAll();
        ended = true;
      }
    } catch (error) {
      const away = error instanceof DatabaseError && error.fields.connectionLost;
      if (!away || passedMs() > quietWaitMs) throw error;
    }
    await clock.sleep(pollMs);
  }
}

/** Nobody stops the reads at rest. */
const never = new AbortController().signal;
