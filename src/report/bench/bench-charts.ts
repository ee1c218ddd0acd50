import type { BenchCellView, BenchPlace, FigureView } from "./bench-view.ts";
import { standingText } from "./bench-view.ts";
import { escapeHtml } from "../html/escape-html.ts";

/** A little more than the widest letters of the font take, in pixels. */
const letterWidth = 8;
const plotWidth = 300;
/** Between a plot and what is right of it, for the number behind the longest bar. */
const margin = 70;
const rowHeight = 24;
const top = 40;
const gap = 30;

/**
 * Two plots for each contention, as one SVG: committed operations per second as bars with the spread over the
 * rounds, and latency from p50 to p99. Each kind has one scale for all contentions. Its colours are the page's:
 * the classes are the kinds of standing.
 */
export function chartsOf(contentions: readonly BenchPlace[], title: string): string {
  const cells = contentions.flatMap((contention) => contention.cells);
  const variants = [...new Set(cells.map(({ variant }) => variant))];
  const scales = scalesOf(cells, variants);
  const blockHeight = top + variants.length * rowHeight + gap;
  const width = scales.latencyFrom + plotWidth + margin;
  const blocks = contentions.map(({ title: contention, cells: there }, number) => {
    const rows = variants.flatMap((variant, row) => {
      const cell = there.find((candidate) => candidate.variant === variant);
      return cell === undefined ? [] : [rowOf(cell, top + row * rowHeight, scales)];
    });
    return `<g transform="translate(0 ${number * blockHeight})">
<text x="0" y="16" font-weight="600">${escapeHtml(contention)}</text>
<text x="${scales.barsFrom}" y="32" class="faint">committed operations per second, and the spread</text>
<text x="${scales.latencyFrom}" y="32" class="faint">latency in ms: p50, p95 and p99, retries included</text>
${rows.join("\n")}
</g>`;
  });
  const height = contentions.length * blockHeight;
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(`${title}: operations per second and latency`)}">
${blocks.join("\n")}
</svg>`;
}

interface Scales {
  /** Where the plots begin, in pixels. */
  readonly barsFrom: number;
  readonly latencyFrom: number;
  /** Pixels for one of them. */
  readonly perSecond: number;
  readonly ms: number;
}

function scalesOf(cells: readonly BenchCellView[], variants: readonly string[]): Scales {
  const mostPerSecond = Math.max(1, ...cells.map(({ throughput }) => throughput?.max ?? 0));
  const longestMs = Math.max(0.1, ...cells.map(({ latencyMs }) => latencyMs?.p99?.median ?? 0));
  const longestName = Math.max(...variants.map((variant) => `${variant} ✗`.length));
  const barsFrom = Math.max(90, longestName * letterWidth);
  return {
    barsFrom,
    latencyFrom: barsFrom + plotWidth + margin,
    perSecond: plotWidth / mostPerSecond,
    ms: plotWidth / longestMs,
  };
}

/** Not by colour alone. */
const marks = { clean: "", wrong: " ✗", loses: " ?", unknown: " ?" } as const;

function rowOf(cell: BenchCellView, y: number, scales: Scales): string {
  const { variant, throughput, latencyMs, standing } = cell;
  const latency = [latencyMs?.p50, latencyMs?.p95, latencyMs?.p99].flatMap((figure) => figure ?? []);
  return `<g class="${standing.kind}" transform="translate(0 ${y})"><title>${escapeHtml(`${variant}: ${standingText(standing)}`)}</title>
<text x="0" y="15" class="name">${escapeHtml(variant)}${marks[standing.kind]}</text>
${throughput === null ? "" : bar(throughput, scales)}
${interval(latency, scales)}</g>`;
}

function bar({ median, min, max }: FigureView, { barsFrom, perSecond }: Scales): string {
  const x = (value: number): string => (barsFrom + value * perSecond).toFixed(1);
  return `<rect x="${barsFrom}" y="4" width="${(median * perSecond).toFixed(1)}" height="14" fill="currentColor" opacity="0.75"/>
<path d="M${x(min)} 11H${x(max)}M${x(min)} 7v8M${x(max)} 7v8" class="spread"/>
<text x="${(barsFrom + max * perSecond + 6).toFixed(1)}" y="15">${median.toFixed(0)}</text>`;
}

function interval(figures: readonly FigureView[], { latencyFrom, ms }: Scales): string {
  const [first] = figures;
  const last = figures.at(-1);
  if (first === undefined || last === undefined) return "";
  const x = (value: number): string => (latencyFrom + value * ms).toFixed(1);
  const dots = figures.map(
    ({ median }, number) => `<circle cx="${x(median)}" cy="11" r="${5 - number}" fill="currentColor"/>`,
  );
  return `<path d="M${x(first.median)} 11H${x(last.median)}" stroke="currentColor" stroke-width="2"/>${dots.join("")}
<text x="${(latencyFrom + last.median * ms + 8).toFixed(1)}" y="15">${last.median.toFixed(1)}</text>`;
}
