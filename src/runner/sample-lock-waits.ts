import type { Clock } from "../clock/clock.ts";
import type { Database } from "../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../clients/database-error.ts";
import type { Rng } from "../random/rng.ts";
import { runFiles, writeRunFile } from "./run-directory.ts";

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
const sampleEveryMs = 20;

/**
 * Asks the server now and then how many sessions wait for a lock, until the signal is aborted. The gaps are
 * drawn uniformly from half to one and a half of {@link sampleEveryMs}, so that the questions keep no step with
 * what is measured. Never throws: a server that does not say leaves no samples; one that is lost meanwhile leaves those
 * from before, and is asked again once it is back.
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
  const ask = async (): Promise<void> => {
    const lockWaits = await database.lockWaits();
    try {
      while (await paused(clock, sampleEveryMs * (0.5 + rng.float()), until)) {
        const before = clock.nanos();
        const waiting = await answered(lockWaits.count(), until);
        if (waiting === undefined) return;
        samples.push({ atNanos: (before + clock.nanos()) / 2, waiting });
      }
    } finally {
      await lockWaits.close();
    }
  };
  do {
    try {
      await ask();
      return { samples };
    } catch (error) {
      if (!(error instanceof DatabaseError || error instanceof EnvironmentError)) throw error;
      if (samples.length === 0) return { samples: null, because: reasonOf(error) };
    }
  } while (await paused(clock, againMs, until));
  return { samples };
}

/** How long it is waited before a server that was lost is asked again. */
const againMs = 200;

function reasonOf(error: DatabaseError | EnvironmentError): string {
  return error instanceof DatabaseError
    ? `the server says ${error.fields.cause}`
    : "there was no session to ask on";
}

/** Undefined when the signal came first: a server that hangs must not hang the run's end. */
async function answered<T>(answer: Promise<T>, until: AbortSignal): Promise<T | undefined> {
  answer.catch(() => undefined);
  const given = new AbortController();
  const stopped = new Promise<undefined>((resolve) => {
    const stop = (): void => {
      resolve(undefined);
    };
    until.addEventListener("abort", stop, { once: true, signal: given.signal });
    if (until.aborted) stop();
  });
  try {
    return await Promise.race([answer, stopped]);
  } finally {
    given.abort();
  }
}

/** False when the signal came first. */
function paused(clock: Clock, ms: number, until: AbortSignal): Promise<boolean> {
  return clock.sleep(ms, until).then(
    () => true,
    () => false,
  );
}

/** Leaves what was seen in the run directory, as `lock-waits.json`. @throws EnvironmentError */
export function writeLockWaits(directory: string, waits: LockWaitSamples): void {
  writeRunFile(directory, runFiles.lockWaits, `${JSON.stringify({ everyMs: sampleEveryMs, ...waits })}\n`);
}
