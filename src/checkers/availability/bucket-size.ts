/** A bound: how many buckets there are at most. */
export const mostBuckets = 600;

/** How many buckets a run should have at least, so that something can be seen. */
const fewestBuckets = 20;

const usualMs = 1_000;
const smallerMs = [500, 200, 100, 50, 20, 10, 5, 2, 1];
const largerMs = [2_000, 5_000, 10_000, 20_000, 30_000];

/**
 * The width of a bucket for a run of some length: 1 s; less, down to 1 ms, where there would be under 20 buckets; more
 * where there would be over 600, which holds for a width that is asked for, too.
 */
export function bucketSize(lengthMs: number, askedMs?: number): number {
  const fits = (ms: number): boolean => Math.floor(lengthMs / ms) < mostBuckets;
  const wide = Math.ceil((lengthMs + 1) / mostBuckets / 60_000) * 60_000;
  if (askedMs !== undefined) return fits(askedMs) ? askedMs : ([usualMs, ...largerMs].find(fits) ?? wide);
  if (lengthMs >= usualMs * fewestBuckets) return [usualMs, ...largerMs].find(fits) ?? wide;
  return smallerMs.find((ms) => lengthMs >= ms * fewestBuckets) ?? 1;
}
