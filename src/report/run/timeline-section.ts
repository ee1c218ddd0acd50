import { escapeHtml } from "../html/escape-html.ts";
import { outcomes, type TimelineData } from "./timeline-data.ts";

/** A bound: keys that the filter offers; any other can be typed. */
const offeredKeys = 500;

/** A bound: rows of the table of faults, the first ones. */
const toldFaults = 100;

/** What the timeline is drawn into, and its controls. The drawing is the script's. */
export function timelineSection(data: TimelineData): string {
  const { lanes, keys, total, begin, faults, blocked } = data;
  const shown = begin.length;
  const options = lanes.map((name, lane) => `<option value="${lane}">${escapeHtml(name)}</option>`);
  const boxes = outcomes.map(
    (outcome) =>
      `<label class="check"><input type="checkbox" name="outcome" value="${outcome}" checked> <span class="swatch ${outcome}"></span>${outcome}</label>`,
  );
  const sampled =
    shown === total
      ? ""
      : `<p class="note">${count(shown)} of ${count(total)} operations are drawn: every one that is part of an anomaly, and a regular sample of the others.</p>`;
  return `<h2 id="timeline-title">Timeline</h2>
<noscript><p class="note">The timeline is drawn by the page's script, which does not run here.</p></noscript>
${sampled}
<form id="timeline-filters" class="filters" hidden>
<label>Key <input type="search" name="key" list="timeline-keys" autocomplete="off" size="12"></label>
<datalist id="timeline-keys">${keys
    .slice(0, offeredKeys)
    .map((key) => `<option value="${escapeHtml(key)}"></option>`)
    .join("")}</datalist>
<label>Session <select name="lane"><option value="">all</option>${options.join("")}</select></label>
<fieldset><legend class="said">Outcomes</legend>${boxes.join("")}</fieldset>
<label class="check"><input type="checkbox" name="marked"> <span class="swatch marked"></span>anomalies only</label>
<span class="buttons"><button type="button" data-zoom="in" aria-label="Zoom in">+</button><button type="button" data-zoom="out" aria-label="Zoom out">−</button><button type="button" data-zoom="all">All</button></span>
</form>
<div id="timeline-frame" hidden>
<canvas id="timeline-canvas" tabindex="0" role="application" aria-label="Timeline of ${count(shown)} operations in ${lanes.length} lanes" aria-describedby="timeline-help timeline-table-hint"></canvas>
</div>
<p id="timeline-legend" class="faint small legend" hidden><span class="swatch ok"></span>ok <span class="swatch fail"></span>fail <span class="swatch info"></span>info <span class="swatch marked"></span>part of an anomaly${
    faults.length === 0 ? "" : ' <span class="swatch fault"></span>fault'
  }${blocked.length === 0 ? "" : ' <span class="swatch blocked"></span>waits for a lock'}</p>
<div id="timeline-details" class="details" role="status" hidden></div>
<p id="timeline-help" class="faint small" hidden>Drag to move, pinch or hold Ctrl and turn the wheel to zoom. By keyboard: ← → the operation before and after, ↑ ↓ another lane, + − zoom, Home and End, 0 for all, Escape to let go.</p>
<details id="timeline-text" hidden><summary>The operations in view as a table</summary>
<p id="timeline-table-hint" class="faint small"></p>
<div class="wide"><table><thead><tr><th scope="col">index</th><th scope="col">from</th><th scope="col">took</th><th scope="col">lane</th><th scope="col">operation</th><th scope="col">outcome</th><th scope="col">what it did</th></tr></thead><tbody id="timeline-rows"></tbody></table></div>
</details>
${faultTable(data)}`;
}

function faultTable({ faults, unit }: TimelineData): string {
  if (faults.length === 0) return "";
  const rows = faults.slice(0, toldFaults).map(({ f, did, from, to }) => {
    const cells = [f, did ?? "nothing to hit", moment(unit, from), to === null ? "open" : moment(unit, to)];
    return `<tr>${cells.map((text) => `<td>${escapeHtml(text)}</td>`).join("")}</tr>`;
  });
  const left = faults.length - rows.length;
  return `<details class="faults"><summary>${faults.length === 1 ? "The fault" : `The ${count(faults.length)} faults`} as a table</summary>
<div class="wide"><table><thead><tr><th scope="col">fault</th><th scope="col">what it did</th><th scope="col">from</th><th scope="col">to</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>${
    left > 0 ? `<p class="faint small">and ${count(left)} more</p>` : ""
  }</details>`;
}

function moment(unit: TimelineData["unit"], value: number): string {
  if (unit === "step") return `step ${count(value)}`;
  return `${(value / 1e3).toLocaleString("en-US", { maximumFractionDigits: 3 })} ms`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
