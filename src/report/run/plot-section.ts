import { availability, type Availability } from "../../checkers/availability/availability.ts";
import { readAtRest } from "../../checkers/at-rest/client-operations.ts";
import { valueText } from "../../checkers/explain/value-text.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import { escapeHtml } from "../html/escape-html.ts";
import { type BarRow, barPlot } from "./bar-plot.ts";
import { causesIn } from "./causes.ts";
import { lockWaitsBySession, lockWaitsOverTime } from "./lock-wait-plot.ts";
import type { RecordedRun } from "./recorded-run.ts";
import { type Curve, type Band, timePlot } from "./time-plot.ts";

/** A bound: bars of a plot, the longest ones. */
const mostBars = 12;

/** Throughput and latency over time, aborts by cause, attempts per success. */
export function plotSection(run: RecordedRun): string {
  const { history, verdict } = run;
  const measured = availability(history);
  const plots = [
    ...(measured === undefined || measured.buckets.length === 0 ? [] : overTime(measured)),
    ...lockWaits(run, measured),
    aborts(causesIn(history)),
    attempts(verdict),
  ];
  return `<h2 id="plots-title">Plots</h2>\n<div class="plots">${plots.join("\n")}</div>`;
}

/** Nothing where nobody asked. */
function lockWaits(
  { lockWaits: waits, schedule, sessions }: RecordedRun,
  measured: Availability | undefined,
): readonly string[] {
  if (sessions === undefined) return [];
  if (schedule !== undefined) {
    const { plot, sentence } = lockWaitsBySession(schedule, sessions);
    return [figure("Lock waits", sentence, plot)];
  }
  if (waits === undefined || measured === undefined) return [];
  const { fromMs, bucketMs, buckets } = measured;
  const shared = { fromMs, bucketMs, buckets: buckets.length, bands: bandsOf(measured) };
  const { plot, sentence } = lockWaitsOverTime(waits, sessions, shared);
  return [figure("Lock waits", sentence, plot)];
}

function bandsOf({ buckets, bucketMs, fromMs, faults }: Availability): readonly Band[] {
  const end = fromMs + buckets.length * bucketMs;
  return faults.map(({ f, did, fromMs: from, toMs }) => ({
    from,
    to: toMs ?? end,
    title: `${f}${did === null ? ", nothing to hit" : `: ${did}`}`,
  }));
}

function overTime(measured: Availability): readonly string[] {
  const { buckets, bucketMs, fromMs, faults } = measured;
  const bands = bandsOf(measured);
  const curve = (name: string, of: (bucket: (typeof buckets)[number]) => number | null): Curve => ({
    name,
    values: buckets.map(of),
  });
  const perSecond = 1e3 / bucketMs;
  const shared = { fromMs, bucketMs, bands };
  const told = faults.length === 0 ? "" : " Shaded: a fault, as long as it lasted.";
  return [
    figure(
      "Throughput",
      `Attempts that ended per second, by outcome, in buckets of ${bucketMs} ms.${told}`,
      timePlot({
        ...shared,
        label: "Attempts per second over time",
        unit: "/s",
        curves: [
          curve("ok", ({ ok }) => ok * perSecond),
          curve("fail", ({ fail }) => fail * perSecond),
          curve("info", ({ info }) => info * perSecond),
        ],
      }),
    ),
    figure(
      "Latency",
      `From invocation to commit, of attempts that are ok; the scale is logarithmic.${told}`,
      timePlot({
        ...shared,
        label: "Latency percentiles over time",
        unit: " ms",
        isLogarithmic: true,
        curves: [
          curve("p50", ({ latencyMs }) => latencyMs?.p50 ?? null),
          curve("p95", ({ latencyMs }) => latencyMs?.p95 ?? null),
          curve("p99", ({ latencyMs }) => latencyMs?.p99 ?? null),
        ],
      }),
    ),
  ];
}

function aborts(causes: readonly (readonly [cause: string, count: number])[]): string {
  const rows = causes.map(([name, count]): BarRow => ({
    name,
    value: count,
    text: count.toLocaleString("en-US"),
  }));
  if (rows.length === 0) return figure("Aborts by cause", "No attempt failed.", "");
  return figure(
    "Aborts by cause",
    told("Attempts that did not end ok.", rows),
    barPlot(rows.slice(0, mostBars)),
  );
}

function attempts({ counts }: Verdict): string {
  const rows = Object.entries(counts.byF)
    .filter(([name, { ok }]) => ok > 0 && name !== readAtRest)
    .map(([name, { ok, fail, info }]): BarRow => {
      const value = (ok + fail + info) / ok;
      return { name: valueText(name, 40), value, text: value.toFixed(2) };
    })
    .sort((one, other) => other.value - one.value);
  if (rows.length === 0) return figure("Attempts per success", "Nothing succeeded.", "");
  return figure(
    "Attempts per success",
    told("How often an operation was tried for each time that it committed.", rows),
    barPlot(rows.slice(0, mostBars)),
  );
}

function told(sentence: string, rows: readonly BarRow[]): string {
  return rows.length <= mostBars ? sentence : `${sentence} The ${mostBars} highest of ${rows.length}.`;
}

function figure(title: string, sentence: string, plot: string): string {
  return `<figure class="plot"><h3>${title}</h3>${plot}<figcaption class="faint small">${escapeHtml(sentence)}</figcaption></figure>`;
}
