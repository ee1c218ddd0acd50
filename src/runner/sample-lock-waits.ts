import type { Clock } from "../clock/clock.ts";
import type { Database } from "../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../clients/database-error.ts";
import type { Rng } from "../random/rng.ts";

/** How many sessions waited for a lock at one moment. */
export interface LockWaitSample {
  /** From the start of the run. */
  readonly atNanos: number;
  readonly waiting: number;
}

/** What was seen in a run; `because` says in a phrase why there is nothing to be seen. */
export type LockWaitSamples =
  { readonly samples: readonly LockWaitSample[] } | { readonly samples: null; readonly because: string };

/** Mean time between two questions: they cost the server well below a hundredth of a core. */
export const sampleEveryMs = 20;

/**
 * Asks the server now and then how many sessions wait for a lock, until the signal is aborted. The gaps are
 * drawn uniformly from half to one and a half of {@link sampleEveryMs}, so that the questions keep no step with
 * what is measured. Never throws: a server that does not say leaves no samples.
 *
 * @param clock counts from the start of the run
 */
export async function sampleLockWaits(
  database: Pick<Database, "lockWaits">,
  clock: Clock,
  rng: Rng,
  until: AbortSignal,
): Promise<LockWaitSamples> {
  const samples: LockWaitSample[] = [];
  try {
    const lockWaits = await database.lockWaits();
    try {
      while (await paused(clock, sampleEveryMs * (0.5 + rng.float()), until)) {
        const before = clock.nanos();
        const waiting = await lockWaits.count();
        samples.push({ atNanos: (before + clock.nanos()) / 2, waiting });
      }
    } finally {
      await lockWaits.close();
    }
  } catch (error) {
    if (error instanceof DatabaseError)
      return { samples: null, because: `the server says ${error.fields.cause}` };
    if (error instanceof EnvironmentError)
      return { samples: null, because: "there was no session to ask on" };
    throw error;
  }
  return { samples };
}

/** False when the signal came first. */
function paused(clock: Clock, ms: number, until: AbortSignal): Promise<boolean> {
  return clock.sleep(ms, until).then(
    () => true,
    () => false,
  );
}
