import { relative, sep } from "node:path";

import { escapeHtml } from "../html/escape-html.ts";
import { htmlPage } from "../html/html-page.ts";
import {
  type CellView,
  type CompareView,
  complaintsOf,
  figuresLegend,
  figuresText,
  grouped,
  safeLegend,
  safeText,
  serverNames,
  type Standing,
  standingMarks,
  standingOf,
} from "./compare-view.ts";
import { compareStyle } from "./compare-style.ts";

/**
 * A matrix as one HTML page that needs nothing else: a map of variants and levels for each server, whose cells lead
 * to the runs' directories, the lowest safe levels, and the figures of each cell.
 *
 * @param directory where the page will be, for the links
 */
export function comparePage(view: CompareView, directory: string): string {
  const { seed, shard, cells, missing } = view;
  const part = shard === null ? "" : `, shard ${shard.index} of ${shard.of}`;
  const body = `<main>
<h1>Isolation matrix</h1>
<p class="lead">seed ${escapeHtml(seed)}${part}, ${cells.length} cells${missing > 0 ? `; <b class="bad">${missing} are missing</b>` : ""}</p>
${legend(cells)}
<p class="faint">A cell leads to the directory of its run, of which <code>npx isolab report DIR</code> makes a page.</p>
${maps(cells, directory)}
<h2>Lowest safe level</h2>
${safeTable(view)}
<p class="faint">${escapeHtml(safeLegend)}</p>
<h2>Every cell</h2>
${cellTable(cells, directory)}
<p class="faint">${escapeHtml(figuresLegend)}</p>
</main>`;
  return htmlPage({ title: "Isolation matrix", style: compareStyle, body });
}

const standingWords: Readonly<Record<Standing, string>> = {
  wrong: "something forbidden was found, the deeper the more kinds",
  allowed: "only what is allowed was found",
  clean: "nothing was found",
  unknown: "it proves too little",
};

/** What the marks mean, worst first, and how many cells have each. */
function legend(cells: readonly CellView[]): string {
  const standings = ["wrong", "unknown", "allowed", "clean"] as const;
  const items = standings.map((standing) => {
    const count = cells.filter((cell) => standingOf(cell) === standing).length;
    const colour = standing === "wrong" ? "wrong-2" : standing;
    return `<li><span class="mark ${colour}">${standingMarks[standing]}</span> <b>${count}</b> ${standingWords[standing]}</li>`;
  });
  return `<ul class="legend">${items.join("")}</ul>`;
}

function maps(cells: readonly CellView[], directory: string): string {
  const nameOf = serverNames(cells);
  return [...grouped(cells, nameOf)].map(([server, there]) => map(server, there, directory)).join("\n");
}

function map(server: string, cells: readonly CellView[], directory: string): string {
  const levels = [...new Set(cells.map(({ isolation }) => isolation))];
  const variants = [...grouped(cells, ({ workload, variant }) => `${workload}:${variant}`)];
  const rows = variants.map(([name, row]) => {
    const fields = levels.map((level) => {
      const cell = row.find(({ isolation }) => isolation === level);
      return cell === undefined ? "<td></td>" : mapCell(cell, directory);
    });
    return `<tr><th scope="row">${escapeHtml(name)}</th>${fields.join("")}</tr>`;
  });
  const head = levels.map((level) => `<th scope="col">${escapeHtml(level)}</th>`).join("");
  return `<h2>${escapeHtml(server)}</h2>
<div class="wide" role="group" tabindex="0" aria-label="Map of ${escapeHtml(server)}"><table class="map"><thead><tr><td></td>${head}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>`;
}

/** The deepest colour there is. */
const deepest = 3;

function mapCell(cell: CellView, directory: string): string {
  const { forbidden, observed, because, valid } = cell;
  const standing = standingOf(cell);
  const depth = standing === "wrong" ? `-${Math.max(1, Math.min(deepest, forbidden.length))}` : "";
  const names = forbidden.length > 0 ? forbidden : observed;
  const text = names.join(", ") || (valid === "unknown" ? "unknown" : "nothing");
  const title = because === undefined ? "" : ` title="${escapeHtml(because)}"`;
  return `<td class="${standing}${depth}"${title}><a href="${link(cell, directory)}">${standingMarks[standing]} ${escapeHtml(text)}<small><span class="level">${escapeHtml(cell.isolation)}, </span>${committed(cell)} committed</small></a></td>`;
}

/** A table whose rows are cards on a narrow screen, each field with its column's head. */
function cardTable(label: string, heads: readonly string[], rows: readonly (readonly Field[])[]): string {
  const body = rows.map((fields) => {
    const shown = fields.map(
      ({ html, kind }, i) =>
        `<td data-label="${escapeHtml(heads[i] ?? "")}"${kind === undefined ? "" : ` class="${kind}"`}>${html}</td>`,
    );
    return `<tr>${shown.join("")}</tr>`;
  });
  return `<div class="wide" role="group" tabindex="0" aria-label="${escapeHtml(label)}"><table class="cards"><thead><tr>${heads.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join("")}</tr></thead>
<tbody>${body.join("\n")}</tbody></table></div>`;
}

interface Field {
  /** Escaped. */
  readonly html: string;
  readonly kind?: "good" | "bad" | "number";
}

function safeTable({ safe }: CompareView): string {
  const nameOf = serverNames(safe);
  const rows = safe.map((level): readonly Field[] => [
    { html: escapeHtml(`${level.workload}:${level.variant}`) },
    { html: escapeHtml(nameOf(level)) },
    { html: escapeHtml(safeText(level)), kind: level.safeFrom === null ? "bad" : "good" },
  ]);
  return cardTable("Lowest safe levels", ["workload", "database", "lowest safe level"], rows);
}

const head = [
  "workload",
  "database",
  "isolation",
  "committed",
  "forbidden and seen",
  "allowed and seen",
  "allowed, not seen",
  "as declared",
];

function cellTable(cells: readonly CellView[], directory: string): string {
  const nameOf = serverNames(cells);
  const rows = cells.map((cell): readonly Field[] => {
    const { workload, variant, isolation, allowedUnseen, valid, because = "", observed } = cell;
    const isForbidden = (name: string): boolean => cell.forbidden.includes(name);
    const allowed = observed.filter((name) => !isForbidden(name));
    const unknown = valid === "unknown" ? `<div class="doubt">unknown: ${escapeHtml(because)}</div>` : "";
    const name = escapeHtml(`${workload}:${variant}`);
    return [
      { html: `<a href="${link(cell, directory)}">${name}</a>` },
      { html: escapeHtml(nameOf(cell)) },
      { html: escapeHtml(isolation) },
      { html: committed(cell), kind: "number" },
      { html: seen(cell, observed.filter(isForbidden)), kind: "bad" },
      { html: `${seen(cell, allowed)}${unknown}` },
      { html: escapeHtml(allowedUnseen.join(", ")) },
      { html: escapeHtml(complaintsOf(cell).join("; ") || "yes") },
    ];
  });
  return cardTable("Every cell", head, rows);
}

function seen({ figures }: CellView, names: readonly string[]): string {
  return names
    .map((name) => {
      const figure = figuresText(figures[name]);
      return `<div>${escapeHtml(figure === "" ? name : `${name}: ${figure}`)}</div>`;
    })
    .join("");
}

function committed({ counts: { ok, fail, info } }: CellView): string {
  return `${ok} of ${ok + fail + info}`;
}

/** Relative, and a path whatever the names are. */
function link({ run, hasPage }: CellView, directory: string): string {
  const steps = relative(directory, run).split(sep);
  return escapeHtml(`./${steps.map(encodeURIComponent).join("/")}/${hasPage === true ? "report.html" : ""}`);
}
