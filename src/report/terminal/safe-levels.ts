import { type SafeLevelView, safeLegend, safeText, serverNames } from "../compare/compare-view.ts";
import type { Style } from "./style.ts";

/** A line per variant and server: the lowest level at which it is safe, and what else was seen of its levels. */
export function safeLevelsText(levels: readonly SafeLevelView[], style: Style): string {
  const nameOf = serverNames(levels);
  const lines = levels.map((level) => {
    const text = safeText(level);
    const painted = level.safeFrom === null ? style.bad(text) : style.good(text);
    return `${level.workload}:${level.variant} on ${nameOf(level)}: ${painted}`;
  });
  return [...lines, style.faint(safeLegend)].join("\n");
}
