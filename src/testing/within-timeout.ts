/** The share of a test's timeout that a race may take, so that it is the race that speaks and not the timeout. */
const share = 0.7;

/** A race's time limit in a test with this timeout, in milliseconds; none where the test has none. */
export function withinTimeout(timeoutMs: number | undefined): { readonly timeLimitMs?: number } {
  return timeoutMs !== undefined && timeoutMs > 0 && Number.isFinite(timeoutMs)
    ? { timeLimitMs: timeoutMs * share }
    : {};
}
