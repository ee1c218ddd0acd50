import type { Model } from "./model.ts";
import type { View } from "./view.ts";
import { cellsOf } from "./words.ts";

/** A bound: rows of the table. */
const mostRows = 100;

/** Fills the table with the operations in view, where it is unfolded. */
export function fillTable(model: Model, view: View, mask: Uint8Array): void {
  const folded = document.getElementById("timeline-text");
  const body = document.getElementById("timeline-rows");
  if (!(folded instanceof HTMLDetailsElement) || !folded.open || body === null) return;
  const rows: HTMLTableRowElement[] = [];
  let inView = 0;
  for (let at = 0; at < model.count; at++) {
    if (mask[at] !== 1 || (model.begin[at] ?? 0) > view.to || (model.end[at] ?? 0) < view.from) continue;
    inView++;
    if (rows.length < mostRows) rows.push(rowOf(model, at));
  }
  body.replaceChildren(...rows);
  const hint = document.getElementById("timeline-table-hint");
  if (hint !== null)
    hint.textContent =
      inView > mostRows
        ? `The first ${mostRows} of ${inView.toLocaleString("en-US")} operations in view: zoom in or filter to see others.`
        : `${inView} operations are in view.`;
}

function rowOf(model: Model, at: number): HTMLTableRowElement {
  const row = document.createElement("tr");
  for (const text of cellsOf(model, at)) {
    const cell = document.createElement("td");
    cell.textContent = text;
    row.append(cell);
  }
  return row;
}
