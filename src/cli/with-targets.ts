import { acquireTarget, type Target, type TargetRequest } from "../campaign/target.ts";
import type { Clock } from "../clock/clock.ts";
import { exitCodes } from "./exit-codes.ts";
import { onInterrupt } from "./interruption.ts";

/**
 * Acquires the servers one after another, works with them, and releases them whatever happens. The
 * first Ctrl-C aborts the signal that `work` is given; while servers are still starting there is
 * nothing to end cleanly, so it ends the process, and the servers' guards clean up.
 */
export async function withTargets<T>(
  requests: readonly TargetRequest[],
  clock: Clock,
  work: (targets: readonly Target[], stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const interruption = onInterrupt();
  const { signal } = interruption;
  const leave = (): void => {
    process.exit(exitCodes.interrupted);
  };
  const targets: Target[] = [];
  try {
    signal.addEventListener("abort", leave);
    for (const request of requests) targets.push(await acquireTarget(request, clock));
    signal.removeEventListener("abort", leave);
    return await work(targets, signal);
  } finally {
    await Promise.all(targets.map((target) => target.release()));
    interruption.dispose();
  }
}
