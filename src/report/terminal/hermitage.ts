import {
  agreement,
  differences,
  explanation,
  hermitageLegend,
  type HermitageView,
  levelsOf,
  markAt,
  phenomenaOf,
} from "../hermitage/hermitage-view.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

/** Which level of a server prevents which phenomenon, and where that is other than published. */
export function hermitageText(view: HermitageView, style: Style): string {
  const { kind, version } = view.database;
  const phenomena = phenomenaOf(view);
  const rows = levelsOf(view).map((level) => [
    level,
    ...phenomena.map((phenomenon) => painted(markAt(view, level, phenomenon), style)),
  ]);
  const different = differences(view);
  const why = explanation(view);
  const verdict = different.length === 0 ? style.good(agreement(view)) : style.unsure(agreement(view));
  return [
    style.strong(`Hermitage on ${kind} ${version}`),
    "",
    table([["", ...phenomena].map((text) => style.faint(text)), ...rows]),
    "",
    verdict,
    ...different.map((line) => `  ${line}`),
    ...(different.length > 0 && why !== undefined ? [`  ${why}`] : []),
  ].join("\n");
}

/** What the marks are. */
export function hermitageLegendText(style: Style): string {
  return style.faint(hermitageLegend);
}

function painted(mark: string, style: Style): string {
  if (mark.endsWith("*")) return style.strong(mark);
  return mark === "✓" ? style.good(mark) : mark === "R/O" ? style.unsure(mark) : style.bad(mark);
}
