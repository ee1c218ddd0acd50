import { EnvironmentError } from "../clients/database-error.ts";
import type { PlannedOperation } from "../workload/workload.ts";
import { runAttempt } from "./attempt.ts";
import type { RunContext } from "./run-context.ts";

/** How long the server may take to forget the sessions of the run. */
const quietWaitMs = 15_000;
const pollMs = 20;
/** Attempts per read; a read at rest has nobody to collide with, but a session can still be lost. */
const attempts = 3;

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
  let reader = process;
  for (const [number, planned] of reads.entries()) {
    for (let attempt = 0; ; attempt++) {
      const connection = await context.database.connect(context.isolation);
      try {
        const think = (): Promise<void> => Promise.resolve();
        const id = `rest-${number}.${attempt}`;
        const ending = await runAttempt(context, connection, { process: reader, planned, id, think });
        if (ending.type === "ok") break;
        if (ending.type === "info") reader++;
        if (attempt + 1 >= attempts) {
          throw new EnvironmentError(`the data could not be read at rest: ${ending.error.cause}`);
        }
      } finally {
        await connection.close();
      }
    }
  }
}

async function untilQuiet({ clock, database }: RunContext): Promise<void> {
  const deadline = clock.nanos() + quietWaitMs * 1e6;
  for (;;) {
    const left = await database.sessionsLeft();
    if (left === 0) return;
    if (clock.nanos() > deadline) {
      throw new EnvironmentError(
        `${left} sessions of this run are still open on the server: it is not at rest`,
      );
    }
    await clock.sleep(pollMs);
  }
}
