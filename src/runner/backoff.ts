import type { Rng } from "../random/rng.ts";
import type { RetryPolicy } from "../workload/workload.ts";

/**
 * How long to wait before the next attempt: uniform between nothing and `base · 2^attempt`, capped
 * ("full jitter"), so that those who failed together do not meet again.
 *
 * @param attempt number of attempts already made, from 1
 * @returns milliseconds
 */
export function backoffMs(policy: Pick<RetryPolicy, "baseMs" | "maxMs">, attempt: number, rng: Rng): number {
  return rng.float() * Math.min(policy.maxMs, policy.baseMs * 2 ** attempt);
}

/** Whether a failure with this cause is tried again after so many attempts. */
export function triesAgain(policy: RetryPolicy, cause: string, attempts: number): boolean {
  return attempts < policy.attempts && policy.causes.includes(cause);
}
