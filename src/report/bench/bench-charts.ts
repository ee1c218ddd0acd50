import type { BenchCellView, BenchPlace, FigureView, StandingView } from "./bench-view.ts";
import { standingText } from "./bench-view.ts";
import { escapeHtml } from "./escape-html.ts";

const labelWidth = 150;
const plotWidth = 300;
const rowHeight = 24;
const top = 40;
const gap = 30;

/**
 * Two plots for each contention, as one SVG: committed operations per second as bars with the spread over the
 * rounds, and latency from p50 to p99. Each kind has one scale for all contentions.
 */
export function chartsOf(contentions: readonly BenchPlace[]): string {
  const cells = contentions.flatMap((contention) => contention.cells);
  const variants = [...new Set(cells.map(({ variant }) => variant))];
  const mostPerSecond = Math.max(1, ...cells.map(({ throughput }) => throughput?.max ?? 0));
  const longestMs = Math.max(0.1, ...cells.map(({ latencyMs }) => latencyMs?.p99?.median ?? 0));
  const blockHeight = top + variants.length * rowHeight + gap;
  const width = labelWidth + 2 * (plotWidth + 70);
  const blocks = contentions.map(({ title, cells: there }, number) => {
    const rows = variants.flatMap((variant, row) => {
      const cell = there.find((candidate) => candidate.variant === variant);
      return cell === undefined ? [] : [rowOf(cell, top + row * rowHeight, { mostPerSecond, longestMs })];
    });
    return `<g transform="translate(0 ${number * blockHeight})">
<text x="0" y="16" font-weight="600">${escapeHtml(title)}</text>
<text x="${labelWidth}" y="32" class="faint">committed operations per second, and the spread</text>
<text x="${labelWidth + plotWidth + 70}" y="32" class="faint">latency in ms: p50, p95 and p99, retries included</text>
${rows.join("\n")}
</g>`;
  });
  return `<svg viewBox="0 0 ${width} ${contentions.length * blockHeight}" width="${width}" role="img" font-family="system-ui, sans-serif" font-size="13">
<style>.faint { fill: #64748b; font-size: 12px; }</style>
${blocks.join("\n")}
</svg>`;
}

/** Green may be recommended, red is wrong, amber proves too little or leaves work undone. */
export function colourOf({ kind }: StandingView): string {
  switch (kind) {
    case "clean":
      return "#15803d";
    case "wrong":
      return "#be123c";
    case "loses":
    case "unknown":
      return "#b45309";
  }
}

interface Scales {
  readonly mostPerSecond: number;
  readonly longestMs: number;
}

function rowOf(cell: BenchCellView, y: number, { mostPerSecond, longestMs }: Scales): string {
  const { variant, throughput, latencyMs, standing } = cell;
  const colour = colourOf(standing);
  const latency = [latencyMs?.p50, latencyMs?.p95, latencyMs?.p99].flatMap((figure) => figure ?? []);
  return `<g transform="translate(0 ${y})"><title>${escapeHtml(`${variant}: ${standingText(standing)}`)}</title>
<text x="0" y="15" fill="${colour}">${escapeHtml(variant)}${standing.kind === "wrong" ? " ✗" : ""}</text>
${throughput === null ? "" : bar(throughput, plotWidth / mostPerSecond, colour)}
${interval(latency, plotWidth / longestMs, colour)}</g>`;
}

function bar({ median, min, max }: FigureView, scale: number, colour: string): string {
  const x = (value: number): string => (labelWidth + value * scale).toFixed(1);
  return `<rect x="${labelWidth}" y="4" width="${(median * scale).toFixed(1)}" height="14" fill="${colour}" opacity="0.75"/>
<path d="M${x(min)} 11H${x(max)}M${x(min)} 7v8M${x(max)} 7v8" stroke="#0f172a" fill="none"/>
<text x="${(labelWidth + max * scale + 6).toFixed(1)}" y="15">${median.toFixed(0)}</text>`;
}

function interval(figures: readonly FigureView[], scale: number, colour: string): string {
  const [first] = figures;
  const last = figures.at(-1);
  if (first === undefined || last === undefined) return "";
  const from = labelWidth + plotWidth + 70;
  const x = (value: number): string => (from + value * scale).toFixed(1);
  const dots = figures.map(
    ({ median }, number) => `<circle cx="${x(median)}" cy="11" r="${5 - number}" fill="${colour}"/>`,
  );
  return `<path d="M${x(first.median)} 11H${x(last.median)}" stroke="${colour}" stroke-width="2"/>${dots.join("")}
<text x="${(from + last.median * scale + 8).toFixed(1)}" y="15">${last.median.toFixed(1)}</text>`;
}
