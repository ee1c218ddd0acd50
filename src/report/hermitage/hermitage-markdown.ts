import { escaped, markdownTable } from "../markdown/escape.ts";
import {
  agreement,
  differences,
  explanation,
  hermitageLegend,
  type HermitageView,
  levelsOf,
  markAt,
  phenomenaOf,
} from "./hermitage-view.ts";

/** The tables of several servers as Markdown. */
export function hermitageMarkdown(views: readonly HermitageView[]): string {
  return ["# Which level prevents what", escaped(hermitageLegend), ...views.flatMap(section), ""].join(
    "\n\n",
  );
}

function section(view: HermitageView): readonly string[] {
  const { kind, version } = view.database;
  const phenomena = phenomenaOf(view);
  const rows = levelsOf(view).map((level) => [
    escaped(level),
    ...phenomena.map((phenomenon) => escaped(markAt(view, level, phenomenon))),
  ]);
  const different = differences(view);
  const why = different.length === 0 ? undefined : explanation(view);
  return [
    `## ${escaped(`${kind} ${version}`)}`,
    markdownTable(["level", ...phenomena], rows),
    escaped(agreement(view)),
    ...(different.length === 0 ? [] : [different.map((line) => `- ${escaped(line)}`).join("\n")]),
    ...(why === undefined ? [] : [escaped(why)]),
  ];
}
