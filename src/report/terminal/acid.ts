import type { Style } from "./style.ts";
import { table } from "./table.ts";

/** One thing that was tried. */
export interface AcidLine {
  readonly property: string;
  readonly name: string;
  readonly observed: string;
  readonly outcome: "kept" | "broken" | "not-tried";
  readonly isolation?: string;
  /** A phenomenon of isolation showed, whether the level allows it or not. */
  readonly shows?: boolean;
}

/** What was tried on one server. */
export interface AcidResult {
  readonly database: { readonly kind: string; readonly version: string };
  readonly checks: readonly AcidLine[];
}

/** How the schedules go whose results the table of levels shows. */
const schedules: Readonly<Record<string, string>> = {
  "dirty read": "A changes a description and does not commit; B reads it; A rolls back",
  "non-repeatable read": "A reads a description; B changes it and commits; A reads again",
  phantom: "A counts the versions in production; B adds one and commits; A counts again",
};

/** The four properties of one server with what was seen of each, the isolation levels side by side. */
export function acidText({ database, checks }: AcidResult, style: Style): string {
  const sections = ["atomicity", "consistency", "isolation", "durability"].flatMap((property) => {
    const lines = checks.filter((check) => check.property === property);
    if (lines.length === 0) return [];
    const body =
      property === "isolation"
        ? levelsText(lines, style)
        : lines.map((line) => lineText(line, style)).join("\n");
    return [`${style.strong(property)}\n${body.replaceAll(/^(?=.)/gm, "  ")}`];
  });
  return [`ACID on ${database.kind} ${database.version}`, ...sections, summary(checks, style)].join("\n\n");
}

const marks = { kept: "✓", broken: "✗", "not-tried": "–" } as const;

function lineText({ name, observed, outcome }: AcidLine, style: Style): string {
  return `${painted(outcome, marks[outcome], style)} ${name}\n    ${observed}`;
}

function levelsText(lines: readonly AcidLine[], style: Style): string {
  const names = unique(lines.map(({ name }) => name));
  const levels = unique(lines.map(({ isolation }) => isolation ?? ""));
  const rows = levels.map((level) => [
    level,
    ...names.map((name) =>
      cell(
        lines.find((line) => line.name === name && line.isolation === level),
        style,
      ),
    ),
  ]);
  const said = names.map((name) => [name, style.faint(schedules[name] ?? "")]);
  return `${table(said)}\n\n${table([["", ...names].map((text) => style.faint(text)), ...rows])}`;
}

function cell(line: AcidLine | undefined, style: Style): string {
  if (line === undefined) return "";
  if (line.outcome === "broken") return style.bad(`${line.observed}: shows, and is forbidden`);
  return line.shows === true ? style.unsure(`${line.observed}: shows`) : style.good(line.observed);
}

function summary(checks: readonly AcidLine[], style: Style): string {
  const count = (outcome: AcidLine["outcome"]): number =>
    checks.filter((check) => check.outcome === outcome).length;
  if (checks.length === 0) return style.unsure("Nothing was tried.");
  const broken = count("broken");
  const untried = count("not-tried") > 0 ? `; ${count("not-tried")} not tried` : "";
  return broken > 0
    ? style.bad(`✗ ${broken} of ${checks.length} broke what the server promises${untried}`)
    : style.good(`✓ ${count("kept")} of ${checks.length} as the server promises${untried}`);
}

function painted(outcome: AcidLine["outcome"], text: string, style: Style): string {
  switch (outcome) {
    case "kept":
      return style.good(text);
    case "broken":
      return style.bad(text);
    case "not-tried":
      return style.unsure(text);
  }
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
