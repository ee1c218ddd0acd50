/** A stretch of time, in the units of the timeline. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/**
 * Widened or narrowed around a moment, which keeps its place; within the whole.
 *
 * @param factor below 1 shows less
 * @param least the narrowest that may be
 */
export function zoomed(view: View, factor: number, around: number, whole: View, least: number): View {
  const width = clamp(
    (view.to - view.from) * factor,
    Math.min(least, whole.to - whole.from),
    whole.to - whole.from,
  );
  const share = (around - view.from) / (view.to - view.from);
  return within({ from: around - share * width, to: around + (1 - share) * width }, whole);
}

/** Moved by so many units, as far as the whole goes. */
export function moved(view: View, by: number, whole: View): View {
  return within({ from: view.from + by, to: view.to + by }, whole);
}

/** The view, as wide as it is, moved just so far that a stretch is in it; centred on it where it is not, or too wide. */
export function showing(view: View, part: View, whole: View): View {
  const width = view.to - view.from;
  if (part.from >= view.from && part.to <= view.to) return view;
  const middle = part.to - part.from > width ? part.from + width / 3 : (part.from + part.to) / 2;
  return within({ from: middle - width / 2, to: middle + width / 2 }, whole);
}

/** A stretch with some room on both sides. */
export function around(part: View, whole: View, least: number): View {
  const width = clamp(
    (part.to - part.from) * 1.6,
    Math.min(least, whole.to - whole.from),
    whole.to - whole.from,
  );
  const middle = (part.from + part.to) / 2;
  return within({ from: middle - width / 2, to: middle + width / 2 }, whole);
}

function within({ from, to }: View, whole: View): View {
  const width = Math.min(to - from, whole.to - whole.from);
  const start = clamp(from, whole.from, whole.to - width);
  return { from: start, to: start + width };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
