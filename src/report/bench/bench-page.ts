import { relative } from "node:path";

import {
  adviceText,
  adviceWhere,
  contentionsOf,
  placesOf,
  reservations,
  short,
  standingText,
  type BenchCellView,
  type BenchPlace,
  type BenchView,
  type FigureView,
  type PercentilesView,
} from "./bench-view.ts";
import { chartsOf } from "./bench-charts.ts";
import { benchStyle } from "./bench-style.ts";
import { escapeHtml } from "../html/escape-html.ts";
import { htmlPage } from "../html/html-page.ts";

/**
 * A comparison as one HTML page that needs nothing else: recommendation, plots, tables with links to the runs.
 *
 * @param directory where the page will be, for the links
 */
export function benchPage(view: BenchView, directory: string): string {
  const { workload, seed, method, cells, advice } = view;
  const recommended = advice
    .map(
      (one) =>
        `<tr><td>${escapeHtml(adviceWhere(one))}</td><td class="${one.kind}">${escapeHtml(adviceText(one))}</td></tr>`,
    )
    .join("\n");
  const title = `${workload}: variants compared`;
  const body = `<h1>${escapeHtml(title)}</h1>
<p class="faint">seed ${escapeHtml(seed)}</p>
<h2>Recommended</h2>
<table>${recommended}</table>
<p class="faint"><b class="clean">clean</b>: nothing was found and nothing is declared to show; <b class="wrong">✗</b>: wrong, however fast; <b class="unknown">?</b>: it proves too little, or leaves work undone.</p>
${placesOf(cells)
  .map((place) => placeSection(place, directory))
  .join("\n")}
<h2>How it was measured</h2>
${[...method, ...reservations(cells)].map((sentence) => `<p class="faint">${escapeHtml(sentence)}</p>`).join("\n")}`;
  return htmlPage({ title, style: benchStyle, body });
}

function placeSection({ title, cells }: BenchPlace, directory: string): string {
  const contentions = contentionsOf(cells);
  return `<h2>${escapeHtml(title)}</h2>
<div class="wide">${chartsOf(contentions, title)}</div>
${contentions.map((contention) => contentionTable(contention, directory)).join("\n")}`;
}

const head = [
  "variant",
  "ratio",
  "ok/s",
  "spread",
  "latency ms p50 / p95 / p99",
  "attempt ms p50 / p95 / p99",
  "retries/op",
  "lost",
  "waiting",
  "aborts",
  "found",
  "runs",
];

function contentionTable({ title, cells }: BenchPlace, directory: string): string {
  const rows = cells.toSorted((a, b) => (b.throughput?.median ?? 0) - (a.throughput?.median ?? 0));
  return `<h3>${escapeHtml(title)}</h3>
<div class="wide"><table><tr>${head.map((text) => `<th>${text}</th>`).join("")}</tr>
${rows.map((cell) => tableRow(cell, directory)).join("\n")}
</table></div>`;
}

function tableRow(cell: BenchCellView, directory: string): string {
  const { throughput, ratio, lockWaits, standing } = cell;
  const aborts = Object.entries(cell.aborts).map(([cause, count]) => `${count} ${cause}`);
  const numbers = [
    ratio === null ? "–" : ratio.median.toFixed(2),
    throughput === null ? "–" : throughput.median.toFixed(0),
    throughput === null ? "–" : `${throughput.min.toFixed(0)}…${throughput.max.toFixed(0)}`,
    percentiles(cell.latencyMs),
    percentiles(cell.attemptMs),
    cell.committed === 0 ? "–" : short(cell.retries / cell.committed),
    `${cell.lost}`,
    lockWaits === null ? "–" : percent(lockWaits),
  ];
  const links = cell.rounds.map(
    ({ run }, round) => `<a href="${encodeURI(relative(directory, run))}/history.jsonl">${round + 1}</a>`,
  );
  return `<tr><td>${escapeHtml(cell.variant)}</td>${numbers.map((text) => `<td class="number">${text}</td>`).join("")}<td class="text">${escapeHtml(aborts.join(", ") || "none")}</td><td class="text ${standing.kind}">${escapeHtml(standingText(standing))}</td><td>${links.join(" ")}</td></tr>`;
}

function percentiles(figures: PercentilesView): string {
  if (figures === null) return "–";
  return [figures.p50, figures.p95, figures.p99]
    .map((figure) => (figure === null ? "–" : short(figure.median)))
    .join(" / ");
}

function percent({ median }: FigureView): string {
  return `${(median * 100).toFixed(0)} %`;
}
