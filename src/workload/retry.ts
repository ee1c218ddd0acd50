import type { RetryPolicy } from "./workload.ts";

/**
 * Causes with which a server refuses a transaction that lost against another one, and that may simply be tried
 * again from its beginning: nothing of it is left (PostgreSQL manual, 13.5; MySQL manual, 17.7.5.3).
 */
export const serverRefusals: readonly string[] = ["serialization-failure", "deadlock", "snapshot-conflict"];

/**
 * Tries again what failed with one of these causes: ten attempts in all, and between two of them a pause of at
 * most 1 ms · 2^attempt, but no more than 50 ms. Other numbers: `{ ...retryOn("deadlock"), attempts: 3 }`.
 *
 * @param causes cause words, such as `duplicate-key` or those of {@link serverRefusals}, and reasons of `Abort`
 */
export function retryOn(...causes: readonly string[]): RetryPolicy {
  return { causes, attempts: 10, baseMs: 1, maxMs: 50 };
}
