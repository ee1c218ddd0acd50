import { type History, typeCode } from "../../history/history.ts";

/** Latencies of one bucket; percentiles by nearest rank: the smallest value that so many percent do not exceed. */
export interface LatencyMs {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * By bucket, the latencies of the `ok` operations that completed in it; null where none has an invocation. Sixteen
 * bytes per operation.
 *
 * @param most by bucket, how many there may be
 */
export function latencies(
  history: History,
  isCounted: (row: number) => boolean,
  bucketOf: (time: number) => number,
  most: Uint32Array,
): readonly (LatencyMs | null)[] {
  const next = new Uint32Array(most.length);
  let all = 0;
  most.forEach((count, bucket) => {
    next[bucket] = all;
    all += count;
  });
  const start = next.slice();
  const nanos = new Float64Array(all);
  for (let row = 0; row < history.length; row++) {
    const pair = history.pair[row] ?? -1;
    if (history.type[row] !== typeCode.ok || pair < 0 || !isCounted(row)) continue;
    const [began, ended] = [history.time[pair] ?? 0, history.time[row] ?? 0];
    const bucket = bucketOf(ended);
    const at = next[bucket] ?? 0;
    nanos[at] = ended - began;
    next[bucket] = at + 1;
  }
  return Array.from(start, (from, bucket) => summary(nanos.subarray(from, next[bucket]).sort()));
}

function summary(sorted: Float64Array): LatencyMs | null {
  if (sorted.length === 0) return null;
  const rank = (percent: number): number =>
    Math.round((sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0) / 1e3) / 1e3;
  return { p50: rank(50), p95: rank(95), p99: rank(99), max: rank(100) };
}
