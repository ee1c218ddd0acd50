/** Round numbers within a range, about so many: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(from: number, to: number, wanted: number): readonly number[] {
  const span = to - from;
  if (!(span > 0) || !Number.isFinite(span)) return [from];
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Powers of ten from the one below the least value to the one above the greatest; at least two. */
export function logarithmicTicks(least: number, most: number): readonly number[] {
  if (!(most > 0) || !Number.isFinite(least)) return [1, 10];
  const from = Math.floor(Math.log10(least));
  const to = Math.max(from + 1, Math.ceil(Math.log10(most)));
  return Array.from({ length: to - from + 1 }, (_, i) => Number((10 ** (from + i)).toPrecision(12)));
}
