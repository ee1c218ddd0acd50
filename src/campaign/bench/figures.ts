/** One figure over the rounds of a comparison. */
export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of latencies, in the unit of what they were made from. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Median and spread; null of nothing. */
export function figureOf(values: readonly number[]): Figure | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(half) - 1] ?? 0, sorted[Math.floor(half)] ?? 0];
  return { median: (below + above) / 2, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 };
}

/** By nearest rank: each is one of the values, the least that so many of them do not exceed; null of nothing. */
export function percentilesOf(values: readonly number[]): Percentiles | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: rank(0.5), p95: rank(0.95), p99: rank(0.99) };
}

/** Each percentile over the rounds; null unless every round has them. */
export function percentileFigures(
  rounds: readonly (Percentiles | null)[],
): { readonly [name in keyof Percentiles]: Figure | null } | null {
  const known = rounds.filter((round) => round !== null);
  if (known.length < rounds.length || known.length === 0) return null;
  const over = (name: keyof Percentiles): Figure | null => figureOf(known.map((round) => round[name]));
  return { p50: over("p50"), p95: over("p95"), p99: over("p99") };
}
