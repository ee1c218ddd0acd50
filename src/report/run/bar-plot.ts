import { escapeHtml } from "../html/escape-html.ts";

/** One bar. */
export interface BarRow {
  readonly name: string;
  readonly value: number;
  /** The value as it is written. */
  readonly text: string;
}

/** Horizontal bars as a table, each with a bar drawn behind its number: read aloud as what it is. */
export function barPlot(rows: readonly BarRow[]): string {
  const most = Math.max(...rows.map(({ value }) => value), 0);
  const body = rows.map(({ name, value, text }) => {
    const width = most === 0 ? 0 : Math.max(0.5, (value / most) * 100);
    return `<tr><th scope="row">${escapeHtml(name)}</th><td class="number">${escapeHtml(text)}</td><td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${width.toFixed(1)}" height="10"/></svg></td></tr>`;
  });
  return `<table class="bars"><tbody>${body.join("")}</tbody></table>`;
}
