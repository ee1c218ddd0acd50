import type { BenchCellView, BenchPlace, FigureView } from "../bench/bench-view.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

const barWidth = 28;

/**
 * Committed operations per second as bars, a row per variant and a column per contention, all to one scale: full
 * up to the lowest round, then lighter up to the highest.
 */
export function barsText(contentions: readonly BenchPlace[], style: Style): string {
  const cells = contentions.flatMap((contention) => contention.cells);
  const highest = Math.max(...cells.map(({ throughput }) => throughput?.max ?? 0));
  const variants = [...new Set(cells.map(({ variant }) => variant))];
  const head = ["ok/s", ...contentions.map(({ title }) => title)].map((text) => style.faint(text));
  const rows = variants.map((variant) => [
    variant,
    ...contentions.map(({ cells: there }) => {
      const cell = there.find((candidate) => candidate.variant === variant);
      return cell === undefined ? "" : bar(cell, highest, style);
    }),
  ]);
  return table([head, ...rows]);
}

function bar({ throughput, standing }: BenchCellView, highest: number, style: Style): string {
  if (throughput === null || highest === 0) return "-";
  const text = `${blocks(throughput, highest)} ${throughput.median.toFixed(0)}`;
  switch (standing.kind) {
    case "clean":
      return style.good(text);
    case "wrong":
      return style.bad(`${text} ✗`);
    case "loses":
    case "unknown":
      return style.unsure(`${text} ?`);
  }
}

function blocks({ min, max }: FigureView, highest: number): string {
  const columns = (value: number): number => Math.round((value / highest) * barWidth);
  return "█".repeat(columns(min)) + "░".repeat(columns(max) - columns(min));
}
