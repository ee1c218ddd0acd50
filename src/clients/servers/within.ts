import type { Clock } from "../../clock/clock.ts";

/** What {@link within} answers when the time is up. */
export const late: unique symbol = Symbol("late");

/**
 * The promise's value, or {@link late} when it is not there after `timeoutMs`. Rejects as the promise
 * does. Keeps our process alive while it waits.
 */
export async function within<T>(
  promise: Promise<T>,
  timeoutMs: number,
  clock: Clock,
): Promise<T | typeof late> {
  const settled = new AbortController();
  const bound = clock.sleep(timeoutMs, settled.signal).then((): typeof late => late);
  try {
    return await Promise.race([promise, bound]);
  } finally {
    settled.abort();
  }
}
