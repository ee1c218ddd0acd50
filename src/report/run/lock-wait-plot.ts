import type { Schedule } from "../../scheduler/schedule.ts";
import { barPlot, type BarRow } from "./bar-plot.ts";
import type { LockWaits } from "./recorded-run.ts";
import { timePlot, type TimePlot } from "./time-plot.ts";

/** A plot, or nothing where there is none, and the sentence below it. */
export interface LockWaitPlot {
  readonly plot: string;
  readonly sentence: string;
}

/**
 * The share of sessions that waited for a lock, over time.
 * @param sessions how many there were
 */
export function lockWaitsOverTime(
  waits: LockWaits,
  sessions: number,
  shared: Pick<TimePlot, "fromMs" | "bucketMs" | "bands"> & { readonly buckets: number },
): LockWaitPlot {
  if (waits.samples === null) return { plot: "", sentence: `Not known: ${waits.because}.` };
  const { fromMs, bucketMs, buckets } = shared;
  const sums = Array.from({ length: buckets }, () => ({ waiting: 0, samples: 0 }));
  for (const { atNanos, waiting } of waits.samples) {
    const bucket = sums[Math.floor((atNanos / 1e6 - fromMs) / bucketMs)];
    if (bucket === undefined) continue;
    bucket.waiting += waiting;
    bucket.samples++;
  }
  const percent = (waiting: number, samples: number): number =>
    Math.min(100, (100 * waiting) / (samples * sessions));
  const all = waits.samples.reduce((sum, { waiting }) => sum + waiting, 0);
  const share = waits.samples.length === 0 ? 0 : percent(all, waits.samples.length);
  return {
    plot: timePlot({
      ...shared,
      label: "Share of sessions that wait for a lock, over time",
      unit: " %",
      curves: [
        {
          name: "waiting",
          values: sums.map(({ waiting, samples }) => (samples === 0 ? null : percent(waiting, samples))),
        },
      ],
    }),
    sentence: `Sessions that waited for a lock, as the server said when it was asked: ${share.toFixed(1)} % of them on average.`,
  };
}

/** The share of an interleaved run's steps in which each session waited for a lock. */
export function lockWaitsBySession({ steps }: Schedule, sessions: number): LockWaitPlot {
  const rows = Array.from({ length: sessions }, (_, session): BarRow => {
    const waited = steps.filter(({ blocked }) => blocked.includes(session)).length;
    const value = steps.length === 0 ? 0 : (100 * waited) / steps.length;
    return { name: `session ${session}`, value, text: `${value.toFixed(0)} %` };
  });
  if (rows.every(({ value }) => value === 0)) return { plot: "", sentence: "No session waited for a lock." };
  return { plot: barPlot(rows), sentence: "Steps of the schedule in which each session waited for a lock." };
}
