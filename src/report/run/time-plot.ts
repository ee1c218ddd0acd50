import { escapeHtml } from "../html/escape-html.ts";
import { logarithmicTicks, roundTicks } from "../browser/ticks.ts";

/** Values by bucket; null where there is none. */
export interface Curve {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** A stretch of time, in milliseconds. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly title: string;
}

/** What to plot over time. */
export interface TimePlot {
  readonly fromMs: number;
  readonly bucketMs: number;
  readonly bands: readonly Band[];
  readonly curves: readonly Curve[];
  /** Behind the numbers of the scale: `/s`. */
  readonly unit: string;
  /** For those who do not see it. */
  readonly label: string;
  readonly isLogarithmic?: boolean;
}

const [width, height] = [440, 200];
const [left, right, top, bottom] = [68, 8, 28, 24];

/** Curves over time, with bands behind them, as SVG: the colours are the page's, by the names of the curves. */
export function timePlot(plot: TimePlot): string {
  const { fromMs, bucketMs, bands, curves, label } = plot;
  const buckets = Math.max(1, ...curves.map(({ values }) => values.length));
  const toMs = fromMs + buckets * bucketMs;
  const x = (ms: number): number =>
    left + ((Math.min(toMs, Math.max(fromMs, ms)) - fromMs) / (toMs - fromMs)) * (width - left - right);
  const { ticks, y } = scaleOf(plot);
  const grid = ticks.map(
    (tick) =>
      `<path class="grid" d="M${left} ${y(tick).toFixed(1)}H${width - right}"/><text class="faint" x="${left - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${escapeHtml(short(tick) + plot.unit)}</text>`,
  );
  const seconds = roundTicks(fromMs / 1e3, toMs / 1e3, 6).map((second) => {
    const isLast = x(second * 1e3) > width - right - 20;
    return `<text class="faint" x="${isLast ? width - right : x(second * 1e3).toFixed(1)}" y="${height - 6}" text-anchor="${isLast ? "end" : "middle"}">${short(second)} s</text>`;
  });
  const shades = bands.map(({ from, to, title }) => {
    const [a, b] = [x(from), x(to)];
    return `<rect class="band" x="${a.toFixed(1)}" y="${top}" width="${Math.max(1.5, b - a).toFixed(1)}" height="${height - top - bottom}"><title>${escapeHtml(title)}</title></rect>`;
  });
  const lines = curves.map(({ name, values }) => {
    const d = pathOf(values, (bucket) => x(fromMs + (bucket + 0.5) * bucketMs), y);
    return d === "" ? "" : `<path class="curve ${escapeHtml(name)}" d="${d}"/>`;
  });
  const legend = curves.map(
    ({ name }, i) =>
      `<g transform="translate(${left + i * 70} 4)"><path class="curve ${escapeHtml(name)}" d="M0 8h18"/><text x="23" y="12">${escapeHtml(name)}</text></g>`,
  );
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${label}; ${summary(curves, plot.unit)}`)}">${shades.join("")}${grid.join("")}${seconds.join("")}${lines.join("")}${legend.join("")}</svg>`;
}

function scaleOf({ curves, isLogarithmic = false }: TimePlot): {
  readonly ticks: readonly number[];
  readonly y: (value: number) => number;
} {
  const values = curves.flatMap((curve) => curve.values).filter((value) => value !== null);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const place = (share: number): number => height - bottom - share * (height - top - bottom);
  if (!isLogarithmic) {
    const ticks = roundTicks(0, Math.max(most, 1), 5);
    const highest = Math.max(most, ticks.at(-1) ?? 1, 1);
    return { ticks, y: (value) => place(value / highest) };
  }
  const least = values.reduce((a, b) => (b > 0 ? Math.min(a, b) : a), Infinity);
  const ticks = logarithmicTicks(least, most);
  const [from, to] = [Math.log10(ticks[0] ?? 1), Math.log10(ticks.at(-1) ?? 10)];
  return {
    ticks,
    y: (value) => place((Math.log10(Math.max(value, 10 ** from)) - from) / Math.max(to - from, 1e-9)),
  };
}

/** A line that breaks off where there is no value; a value that stands alone is a short dash. */
function pathOf(
  values: readonly (number | null)[],
  x: (bucket: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  values.forEach((value, i) => {
    if (value === null) return;
    const [before, after] = [values[i - 1] ?? null, values[i + 1] ?? null];
    path += `${before === null ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    if (before === null && after === null) path += "h1.5";
  });
  return path;
}

function summary(curves: readonly Curve[], unit: string): string {
  return curves
    .map(({ name, values }) => {
      const known = values.filter((value) => value !== null);
      const most = known.reduce((a, b) => Math.max(a, b), 0);
      return `${name} at most ${short(most)}${unit}`;
    })
    .join(", ");
}

function short(value: number): string {
  const digits = value === 0 || value >= 100 ? 0 : value >= 1 ? 1 : 3;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
