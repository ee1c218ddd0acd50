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
} from "../bench/bench-view.ts";
import { barsText } from "./bench-bars.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

/** A comparison of variants as text for a terminal, without a line break at the end: tables, bars, recommendation. */
export function benchText({ cells, advice, method }: BenchView, style: Style): string {
  const places = placesOf(cells).map((place) => placeText(place, style));
  const recommended = advice.map((one) => [
    adviceWhere(one),
    one.kind === "none" || one.kind === "unknown"
      ? style.unsure(adviceText(one))
      : style.good(adviceText(one)),
  ]);
  const notes = [...method, ...reservations(cells)].map((sentence) => style.faint(sentence));
  return [
    ...places,
    `${style.strong("Recommended")}\n${indented(table(recommended))}`,
    notes.join("\n"),
  ].join("\n\n");
}

const head = [
  "variant",
  "ratio",
  "ok/s",
  "spread",
  "latency ms",
  "attempt ms",
  "retries/op",
  "lost",
  "waiting",
  "aborts",
  "found",
];

function placeText({ title, cells }: BenchPlace, style: Style): string {
  const contentions = contentionsOf(cells);
  const tables = contentions.map(
    (contention) =>
      `${contention.title}\n${indented(
        table([
          head.map((text) => style.faint(text)),
          ...byThroughput(contention.cells).map((cell) => row(cell, style)),
        ]),
      )}`,
  );
  return [style.strong(title), ...tables, indented(barsText(contentions, style))].join("\n\n");
}

function row(cell: BenchCellView, style: Style): readonly string[] {
  const { throughput, lockWaits } = cell;
  const aborts = Object.entries(cell.aborts).map(([cause, count]) => `${count} ${cause}`);
  return [
    cell.variant,
    cell.ratio === null ? "-" : cell.ratio.median.toFixed(2),
    throughput === null ? "-" : throughput.median.toFixed(0),
    throughput === null ? "-" : `${throughput.min.toFixed(0)}…${throughput.max.toFixed(0)}`,
    percentiles(cell.latencyMs),
    percentiles(cell.attemptMs),
    cell.committed === 0 ? "-" : short(cell.retries / cell.committed),
    `${cell.lost}`,
    lockWaits === null ? "-" : percent(lockWaits),
    aborts.join(", ") || "none",
    found(cell, style),
  ];
}

function found({ standing, observed }: BenchCellView, style: Style): string {
  const text = standingText(standing);
  switch (standing.kind) {
    case "wrong":
      return style.bad(`✗ ${text}`);
    case "clean": {
      const allowed = observed.length === 0 ? "" : style.faint(` (allowed: ${observed.join(", ")})`);
      return `${style.good(`✓ ${text}`)}${allowed}`;
    }
    case "loses":
    case "unknown":
      return style.unsure(`? ${text}`);
  }
}

function byThroughput(cells: readonly BenchCellView[]): readonly BenchCellView[] {
  return cells.toSorted((a, b) => (b.throughput?.median ?? 0) - (a.throughput?.median ?? 0));
}

function percentiles(figures: PercentilesView): string {
  if (figures === null) return "-";
  return [figures.p50, figures.p95, figures.p99]
    .map((figure) => (figure === null ? "-" : short(figure.median)))
    .join(" / ");
}

function percent({ median }: FigureView): string {
  return `${(median * 100).toFixed(0)} %`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
