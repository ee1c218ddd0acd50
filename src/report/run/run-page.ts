import { browserScript } from "../html/browser-script.ts";
import { htmlPage, jsonElement } from "../html/html-page.ts";
import type { SvgRenderer } from "../witness/svg-renderer.ts";
import { anomalySection } from "./anomaly-section.ts";
import { collectTimeline } from "./collect-timeline.ts";
import { plotSection } from "./plot-section.ts";
import type { RecordedRun } from "./recorded-run.ts";
import { reproductionSection } from "./reproduction-section.ts";
import { runStyle } from "./run-style.ts";
import type { TimelineData } from "./timeline-data.ts";
import { timelineSection } from "./timeline-section.ts";
import { titleOf, verdictSection } from "./verdict-section.ts";

/** A section of the page: its HTML, and what the navigation calls it. */
interface Section {
  readonly id: string;
  readonly name: string;
  readonly html: string;
}

/**
 * A run as one HTML file that needs nothing else: the verdict, each anomaly with pictures of its witnesses, the smallest
 * reproduction, a timeline of all operations, and plots. At most some 5 MB: what was left out is said on it. Linear in
 * the history; drawing a witness takes at most `drawingMs`.
 */
export async function runPage(run: RecordedRun, renderer: SvgRenderer): Promise<string> {
  const { timeline, json } = boundedTimeline(run);
  const anomalies = await anomalySection(run.verdict, renderer);
  const sections: readonly Section[] = [
    { id: "verdict", name: "Verdict", html: verdictSection(run) },
    { id: "anomalies", name: "Anomalies", html: anomalies },
    { id: "reproduction", name: "Reproduction", html: reproductionSection(run.repro) },
    { id: "timeline", name: "Timeline", html: timelineSection(timeline) },
    { id: "plots", name: "Plots", html: plotSection(run) },
  ].filter(({ html }) => html !== "");
  const body = `<a class="skip" href="#verdict">Skip to the verdict</a>
<header>
<p class="brand">isolab <span class="faint">report</span></p>
<nav aria-label="Sections">${sections.map(({ id, name }) => `<a href="#${id}">${name}</a>`).join("")}</nav>
</header>
<main>
${sections.map(({ id, html }) => `<section id="${id}" aria-labelledby="${id}-title">\n${html}\n</section>`).join("\n")}
</main>
<p id="said" class="said" role="status"></p>
${json}`;
  return htmlPage({
    title: `${titleOf(run)}: ${wordOf(run)}`,
    style: runStyle,
    body,
    script: browserScript("page"),
  });
}

function wordOf({ verdict: { valid } }: RecordedRun): string {
  return valid === "unknown" ? "unknown" : valid ? "valid" : "invalid";
}

/** A bound: operations in the timeline. */
const mostOperations = 60_000;
/** A bound: characters of the timeline's data. */
const mostData = 4_500_000;

/** As many operations as there is room for. */
function boundedTimeline(run: RecordedRun): { readonly timeline: TimelineData; readonly json: string } {
  const { history, sessions, schedule } = run;
  const marked = indicesOf(run);
  for (let most = mostOperations; ; most = Math.floor(most / 2)) {
    const timeline = collectTimeline({ history, sessions, schedule, marked, most });
    const json = jsonElement("timeline-data", timeline);
    if (json.length <= mostData || most <= 1) return { timeline, json };
  }
}

/** The operations that are part of an anomaly. */
function indicesOf({ verdict }: RecordedRun): ReadonlySet<number> {
  const witnesses = Object.values(verdict.anomalies).flat();
  return new Set(witnesses.flatMap(({ cycle }) => cycle.map(({ index }) => index)));
}
