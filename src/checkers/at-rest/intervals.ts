/** A set of intervals of rows, both ends included. */
export interface Intervals {
  /** Whether one of them has a row in common with `[began, ended]`. Logarithmic. */
  readonly overlap: (began: number, ended: number) => boolean;
}

/** Intervals to be asked often; n log n. */
export function intervals(all: readonly (readonly [began: number, ended: number])[]): Intervals {
  const sorted = [...all].sort(([one], [other]) => one - other);
  const latestEnd: number[] = [];
  for (const [, ended] of sorted) latestEnd.push(Math.max(latestEnd.at(-1) ?? -Infinity, ended));
  return {
    overlap: (began, ended) => {
      let low = 0;
      for (let high = sorted.length; low < high;) {
        const middle = (low + high) >> 1;
        if ((sorted[middle]?.[0] ?? 0) <= ended) low = middle + 1;
        else high = middle;
      }
      return (latestEnd[low - 1] ?? -Infinity) >= began;
    },
  };
}
