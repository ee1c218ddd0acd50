import { escaped, markdownTable } from "../markdown/escape.ts";
import {
  type CellView,
  type CompareView,
  complaintsOf,
  figuresLegend,
  figuresText,
  safeLegend,
  safeText,
  serverNames,
  standingMarks,
  standingOf,
} from "./compare-view.ts";

const head = [
  "database",
  "workload",
  "isolation",
  "",
  "committed",
  "forbidden and seen",
  "allowed and seen",
  "allowed, not seen",
  "as declared",
];

/** A matrix as Markdown: the lowest safe levels, and a row per cell. Names of files are left out. */
export function compareMarkdown({ seed, shard, cells, missing, safe }: CompareView): string {
  const nameOf = serverNames(cells);
  const part = shard === null ? "" : `, shard ${shard.index} of ${shard.of}`;
  const levels = safe.map((level) => [
    escaped(`${level.workload}:${level.variant}`),
    escaped(nameOf(level)),
    escaped(safeText(level)),
  ]);
  const rows = cells.map((cell) => [
    escaped(nameOf(cell)),
    escaped(`${cell.workload}:${cell.variant}`),
    escaped(cell.isolation),
    standingMarks[standingOf(cell)],
    `${cell.counts.ok} of ${cell.counts.ok + cell.counts.fail + cell.counts.info}`,
    seen(cell, (name) => cell.forbidden.includes(name)),
    cell.valid === "unknown" && cell.observed.length === 0
      ? escaped(inline(`proved nothing: ${cell.because ?? ""}`))
      : seen(cell, (name) => !cell.forbidden.includes(name)),
    escaped(cell.allowedUnseen.join(", ")),
    escaped(complaintsOf(cell).join("; ") || "yes"),
  ]);
  return [
    "# Isolation matrix",
    `Seed ${escaped(inline(seed))}${part}; ${cells.length} cells${missing > 0 ? `, **${missing} missing**` : ""}.`,
    "## Lowest safe level",
    safeLegend,
    markdownTable(["workload", "database", "lowest safe level"], levels),
    "## Cells",
    `✗ something forbidden was found, ~ only what is allowed, ✓ nothing, ? it proves too little. ${figuresLegend}`,
    markdownTable(head, rows),
    "",
  ].join("\n\n");
}

function seen({ observed, figures }: CellView, wanted: (name: string) => boolean): string {
  return observed
    .filter(wanted)
    .map((name) => {
      const figure = figuresText(figures[name]);
      return escaped(figure === "" ? name : `${name} (${figure})`);
    })
    .join("<br>");
}

/** A table's cell has no line breaks. */
function inline(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
