import { type SafeLevelView, safeLegend, safeText, serverNames } from "../compare/compare-view.ts";
import type { Style } from "./style.ts";

/** A line per variant and server: the lowest level at which it is safe, and what else was seen of its levels. */
export function safeLevelsText(levels: readonly SafeLevelView[], style: Style): string {
  const nameOf = serverNames(levels);
  const lines = levels.map((level) => {
    const paint = level.safeFrom === null ? style.bad : style.good;
    return `${level.workload}:${level.variant} on ${nameOf(level)}: ${paint(safeText(level))}`;
  });
  return [...lines, style.faint(safeLegend)].join("\n");
}
