import { exponentialGap } from "../random/exponential-gap.ts";
import type { Rng } from "../random/rng.ts";
import type { Generator } from "./generator.ts";
import { mapRest } from "./map-rest.ts";

/**
 * Spreads the operations of all sessions together over time, as independent users would arrive: a
 * Poisson process with this mean gap. The timetable begins at the first draw and does not depend on
 * how long operations take: sessions that fall behind start theirs at once until they have caught up.
 *
 * @throws RangeError unless the mean is a finite number above 0
 */
export function stagger<T>(meanNanos: number, generator: Generator<T>): Generator<T> {
  requireGap(meanNanos);
  return spaced((rng) => exponentialGap(rng, meanNanos), undefined, generator);
}

/** {@link stagger} by its rate: so many operations in a second on average, all sessions together. */
export function atRate<T>(perSecond: number, generator: Generator<T>): Generator<T> {
  return stagger(1e9 / perSecond, generator);
}

/**
 * Starts the operations of all sessions together exactly this far apart (in whole nanoseconds), the first one gap after the
 * first draw; like {@link stagger}, but regular (`delay` of jepsen.generator).
 *
 * @throws RangeError unless the gap is a finite number above 0
 */
export function delay<T>(gapNanos: number, generator: Generator<T>): Generator<T> {
  requireGap(gapNanos);
  const gap = Math.max(1, Math.round(gapNanos));
  return spaced(() => gap, undefined, generator);
}

/** @param lastNanos when the previous operation was due; undefined before the first. */
function spaced<T>(
  gapOf: (rng: Rng) => number,
  lastNanos: number | undefined,
  generator: Generator<T>,
): Generator<T> {
  return {
    draw: (context) => {
      const drawn = generator.draw(context);
      if (drawn.kind !== "operation") return mapRest(drawn, (rest) => spaced(gapOf, lastNanos, rest));
      const due = (lastNanos ?? context.time) + gapOf(context.rng);
      return { ...drawn, at: Math.max(drawn.at, due), rest: spaced(gapOf, due, drawn.rest) };
    },
  };
}

function requireGap(nanos: number): void {
  if (!Number.isFinite(nanos) || nanos <= 0)
    throw new RangeError(`a gap between operations is a finite number above 0, got ${nanos}`);
}
