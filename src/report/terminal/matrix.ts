import { stripVTControlCharacters } from "node:util";

import {
  type CellView,
  complaintsOf,
  figuresLegend,
  grouped,
  serverNames,
  shortFigures,
  standingMarks,
} from "../compare/compare-view.ts";
import { wrap } from "../explanation/wrap.ts";
import { type FittedCell, fittedTable } from "./fitted-table.ts";
import type { Style } from "./style.ts";

/**
 * The matrix as a table: what was found in each cell and how often, whether its variant declares that, and below
 * it what is allowed and was not seen. Where the terminal is too narrow for one table, there is one per variant
 * and server.
 *
 * @param columns the terminal's width; undefined where there is none
 */
export function matrixText(cells: readonly CellView[], style: Style, columns: number | undefined): string {
  const nameOf = serverNames(cells);
  const whole = tableOf(cells, style, undefined, [
    ["database", nameOf],
    ["workload", ({ workload, variant }) => `${workload}:${variant}`],
  ]);
  const fits = columns === undefined || widthOf(whole) <= columns;
  const table = fits ? whole : tablesText(cells, nameOf, style, columns);
  return [table, ...notes(cells, nameOf, style, columns)].join("\n\n");
}

type Naming = (cell: CellView) => string;

function tablesText(cells: readonly CellView[], nameOf: Naming, style: Style, columns: number): string {
  const tables = grouped(cells, (cell) => `${cell.workload}:${cell.variant} on ${nameOf(cell)}`);
  return [...tables]
    .map(([name, group]) => {
      const table = tableOf(group, style, columns - indent.length, []);
      return `${style.strong(name)}\n${table.replaceAll(/^/gm, indent)}`;
    })
    .join("\n\n");
}

const indent = "  ";

function tableOf(
  cells: readonly CellView[],
  style: Style,
  columns: number | undefined,
  names: readonly (readonly [string, Naming])[],
): string {
  const head = [...names.map(([title]) => title), "isolation", "committed", "found", "as declared"];
  const rows = cells.map((cell) => [
    ...names.map(([, nameOf]) => plainly(nameOf(cell))),
    plainly(cell.isolation),
    plainly(`${cell.counts.ok} of ${cell.counts.ok + cell.counts.fail + cell.counts.info}`),
    found(cell, style),
    declared(cell, style),
  ]);
  const top = head.map((text): FittedCell => [{ text, paint: (one) => style.faint(one) }]);
  return fittedTable([top, ...rows], columns);
}

function widthOf(table: string): number {
  return Math.max(...table.split("\n").map((line) => stripVTControlCharacters(line).length));
}

function plainly(text: string): FittedCell {
  return [{ text }];
}

function found(cell: CellView, style: Style): FittedCell {
  const { observed, forbidden, figures, valid, because = "" } = cell;
  const lines = observed.map((name) => {
    const isForbidden = forbidden.includes(name);
    const mark = standingMarks[isForbidden ? "wrong" : "allowed"];
    const figure = shortFigures(figures[name]);
    return {
      text: `${mark}\u00a0${name}${figure === "" ? "" : `: ${figure}`}`,
      paint: (text: string) => (isForbidden ? style.bad(text) : text),
    };
  });
  if (valid === "unknown")
    return [...lines, { text: `? unknown: ${because}`, paint: (text: string) => style.unsure(text) }];
  return lines.length > 0 ? lines : [{ text: "nothing", paint: (text: string) => style.good(text) }];
}

function declared(cell: CellView, style: Style): FittedCell {
  const complaints = complaintsOf(cell);
  if (complaints.length === 0) return [{ text: "yes", paint: (text) => style.good(text) }];
  return complaints.map((text) => ({ text, paint: (one: string) => style.bad(one) }));
}

function notes(
  cells: readonly CellView[],
  nameOf: ReturnType<typeof serverNames>,
  style: Style,
  columns: number | undefined,
): readonly string[] {
  const unseen = new Map<string, string[]>();
  for (const cell of cells) {
    const { workload, variant, isolation, allowedUnseen } = cell;
    if (allowedUnseen.length === 0) continue;
    const name = `${workload}:${variant} on ${nameOf(cell)}`;
    unseen.set(name, [...(unseen.get(name) ?? []), `${allowedUnseen.join(", ")} at ${isolation}`]);
  }
  const lines = [...unseen].map(([name, parts]) => inLines(`  ${name}: ${parts.join("; ")}`, columns));
  return [
    ...(cells.some(({ observed }) => observed.length > 0)
      ? [
          style.faint(
            inLines(
              `✗ forbidden, ~ allowed; 3+ in 6, first 12: 3 or more cases in 6 operations, the first of index 12. ${figuresLegend}`,
              columns,
            ),
          ),
        ]
      : []),
    ...(lines.length > 0 ? [`Allowed there, and not seen:\n${lines.join("\n")}`] : []),
  ];
}

function inLines(text: string, columns: number | undefined): string {
  return columns === undefined ? text : wrap(text, columns).join("\n");
}
