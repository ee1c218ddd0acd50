/** The share of a test's timeout that a race may take, so that it is the race that speaks and not the timeout. */
const share = 0.7;

/** What it may take at least of the time that the races before it have left. */
const shareOfRest = 0.5;

/**
 * A race's time limit in a test with this timeout, in milliseconds; none where the test has none.
 *
 * @param elapsedMs what of it is over since the first race of the test began
 */
export function withinTimeout(
  timeoutMs: number | undefined,
  elapsedMs = 0,
): { readonly timeLimitMs?: number } {
  if (timeoutMs === undefined || timeoutMs <= 0 || !Number.isFinite(timeoutMs)) return {};
  const rest = Math.max(1, timeoutMs - elapsedMs);
  return { timeLimitMs: Math.max(timeoutMs * share - elapsedMs, rest * shareOfRest) };
}
