/** Where things are on the canvas, in CSS pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Lane names stand left of it. */
  readonly left: number;
  /** The overview of the whole run ends here, and the scale begins. */
  readonly overview: number;
  /** The first lane. */
  readonly top: number;
  readonly laneHeight: number;
}

const scaleHeight = 22;

/** The layout for so many lanes in a given width: many lanes are lower. */
export function layoutFor(width: number, lanes: number): Layout {
  const laneHeight = lanes > 40 ? 14 : lanes > 16 ? 18 : 26;
  const overview = 30;
  const top = overview + scaleHeight;
  return { width, height: top + lanes * laneHeight + 6, left: 70, overview, top, laneHeight };
}
