import type { Clock } from "../clock/clock.ts";
import { EnvironmentError } from "../clients/database-error.ts";

/** A bound: no transaction of a sane workload takes longer, and a deadlock is broken by the server. */
const stallMs = 120_000;
const lookMs = 1_000;

/** What is watched. */
interface Watched {
  readonly completions: () => number;
  /** Whether any operation has begun and not ended: waiting for a planned start is no stall. */
  readonly inFlight: () => boolean;
}

/**
 * Calls `fail` once when operations are in flight and none ends for two minutes: a server that hangs
 * must not hang the run.
 *
 * @returns a function that ends the watch
 */
export function onStall(clock: Clock, watched: Watched, fail: (error: EnvironmentError) => void): () => void {
  let seen = watched.completions();
  let since = clock.nanos();
  const unwatch = clock.every(lookMs, () => {
    if (watched.completions() !== seen || !watched.inFlight()) {
      seen = watched.completions();
      since = clock.nanos();
    } else if (clock.nanos() - since > stallMs * 1e6) {
      unwatch();
      fail(
        new EnvironmentError(
          `no operation ended for ${stallMs / 1_000} s: the server, or a transaction of the workload, hangs`,
        ),
      );
    }
  });
  return unwatch;
}
