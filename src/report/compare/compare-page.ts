import { createHash } from "node:crypto";
import { relative, sep } from "node:path";

import { escapeHtml } from "../html/escape-html.ts";
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
  standingMarks,
  standingOf,
} from "./compare-view.ts";
import { compareStyle } from "./compare-style.ts";

/** Nothing is loaded and nothing runs; the one style sheet is known by its digest. */
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(compareStyle).digest("base64")}'; base-uri 'none'; form-action 'none'`;

/**
 * A matrix as one HTML page that needs nothing else: a map of variants and levels for each server, whose cells lead
 * to the runs' directories, the lowest safe levels, and the figures of each cell.
 *
 * @param directory where the page will be, for the links
 */
export function comparePage(view: CompareView, directory: string): string {
  const { seed, shard, cells, missing } = view;
  const part = shard === null ? "" : `, shard ${shard.index} of ${shard.of}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>Isolation matrix</title>
<style>${compareStyle}</style>
<h1>Isolation matrix</h1>
<p class="faint">seed ${escapeHtml(seed)}${part}, ${cells.length} cells${missing > 0 ? `; <b class="wrong">${missing} are missing</b>` : ""}</p>
<p class="faint">✗ something forbidden was found, the deeper the more kinds; ~ only what is allowed; ✓ nothing; ? it proves too little. A cell leads to its run directory.</p>
${maps(cells, directory)}
<h2>Lowest safe level</h2>
${safeTable(view)}
<p class="faint">${escapeHtml(safeLegend)}</p>
<h2>Every cell</h2>
${cellTable(cells, directory)}
<p class="faint">${escapeHtml(figuresLegend)}</p>
</html>
`;
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
  return `<h2>${escapeHtml(server)}</h2>
<div class="wide"><table class="map"><tr><th></th>${levels.map((level) => `<th scope="col">${escapeHtml(level)}</th>`).join("")}</tr>
${rows.join("\n")}
</table></div>`;
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
  return `<td class="${standing}${depth}"${title}><a href="${link(cell, directory)}">${standingMarks[standing]} ${escapeHtml(text)}<small>${committed(cell)} committed</small></a></td>`;
}

function safeTable({ safe }: CompareView): string {
  const nameOf = serverNames(safe);
  const rows = safe.map(
    (level) =>
      `<tr><td>${escapeHtml(`${level.workload}:${level.variant}`)}</td><td>${escapeHtml(nameOf(level))}</td><td class="${level.safeFrom === null ? "unsafe" : "safe"}">${escapeHtml(safeText(level))}</td></tr>`,
  );
  return `<div class="wide"><table><tr><th>workload</th><th>database</th><th>lowest safe level</th></tr>
${rows.join("\n")}
</table></div>`;
}

const head = [
  "database",
  "workload",
  "isolation",
  "committed",
  "forbidden and seen",
  "allowed and seen",
  "allowed, not seen",
  "as declared",
];

function cellTable(cells: readonly CellView[], directory: string): string {
  const nameOf = serverNames(cells);
  const rows = cells.map((cell) => {
    const { workload, variant, isolation, allowedUnseen, valid, because = "", observed } = cell;
    const isForbidden = (name: string): boolean => cell.forbidden.includes(name);
    const unknown = valid === "unknown" ? `<div class="unknown">unknown: ${escapeHtml(because)}</div>` : "";
    const complaints = complaintsOf(cell).join("; ");
    return `<tr><td>${escapeHtml(nameOf(cell))}</td><td><a href="${link(cell, directory)}">${escapeHtml(`${workload}:${variant}`)}</a></td><td>${escapeHtml(isolation)}</td><td class="number">${committed(cell)}</td><td class="wrong">${seen(cell, observed.filter(isForbidden))}</td><td>${seen(
      cell,
      observed.filter((name) => !isForbidden(name)),
    )}${unknown}</td><td>${escapeHtml(allowedUnseen.join(", "))}</td><td>${escapeHtml(complaints || "yes")}</td></tr>`;
  });
  return `<div class="wide"><table><tr>${head.map((text) => `<th>${text}</th>`).join("")}</tr>
${rows.join("\n")}
</table></div>`;
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
function link({ run }: CellView, directory: string): string {
  const steps = relative(directory, run).split(sep);
  return escapeHtml(`./${steps.map(encodeURIComponent).join("/")}/`);
}
