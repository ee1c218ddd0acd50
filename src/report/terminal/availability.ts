import type {
  Availability,
  AvailabilityBucket,
  AvailabilityFault,
} from "../../checkers/availability/availability.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

/** A bound: columns of the curve. */
const widest = 60;

/** A bound: kinds of faults in the line of recoveries, the slowest first. */
const kindsShown = 4;

const heights = Array.from("▁▂▃▄▅▆▇█");

/**
 * Committed operations per second over time, the faults that struck under it, and the slowest recovery after each
 * kind of fault: three lines. Undefined where no fault struck.
 */
export function availabilityText(measured: Availability, style: Style): string | undefined {
  const struck = measured.faults.filter(({ did }) => did !== null && did !== "failed");
  if (struck.length === 0 || measured.buckets.length === 0) return undefined;
  const perColumn = Math.ceil(measured.buckets.length / widest);
  const rates = columns(measured.buckets, perColumn).map(
    (buckets) => sumOk(buckets) / ((buckets.length * measured.bucketMs) / 1e3),
  );
  const highest = Math.max(...rates);
  const marks = marksUnder(measured, struck, perColumn, rates.length);
  return table([
    [style.faint("ok/s"), `${rates.map((rate) => bar(rate, highest)).join("")} ${rateText(highest)} at most`],
    [style.faint("faults"), style.bad(marks)],
    [style.faint("recovery"), recoveryText(struck, style)],
  ]);
}

function columns(
  buckets: readonly AvailabilityBucket[],
  perColumn: number,
): readonly (readonly AvailabilityBucket[])[] {
  return Array.from({ length: Math.ceil(buckets.length / perColumn) }, (_, column) =>
    buckets.slice(column * perColumn, (column + 1) * perColumn),
  );
}

function sumOk(buckets: readonly AvailabilityBucket[]): number {
  return buckets.reduce((sum, { ok }) => sum + ok, 0);
}

/** Nothing is a blank, and whatever is more than nothing is seen. */
function bar(rate: number, highest: number): string {
  if (rate === 0) return " ";
  return heights[Math.max(0, Math.ceil((rate / highest) * heights.length) - 1)] ?? "";
}

/** `▲` where a fault began, `─` as long as it lasted. */
function marksUnder(
  { fromMs, bucketMs }: Availability,
  struck: readonly AvailabilityFault[],
  perColumn: number,
  width: number,
): string {
  const columnOf = (ms: number): number =>
    Math.max(0, Math.min(width - 1, Math.floor((ms - fromMs) / (bucketMs * perColumn))));
  const marks = Array.from({ length: width }, () => " ");
  for (const fault of struck)
    marks.fill("─", columnOf(fault.fromMs), columnOf(fault.toMs ?? fault.fromMs) + 1);
  for (const fault of struck) marks[columnOf(fault.fromMs)] = "▲";
  return marks.join("").trimEnd();
}

/** "kill-server 1,240 ms (slowest of 3), pause 12 ms": a kind after which nothing was committed comes first. */
function recoveryText(struck: readonly AvailabilityFault[], style: Style): string {
  const slowest = new Map<string, readonly [ms: number, times: number]>();
  for (const { f, recoveryMs } of struck) {
    const [ms, times] = slowest.get(f) ?? [0, 0];
    slowest.set(f, [Math.max(ms, recoveryMs ?? Infinity), times + 1]);
  }
  const kinds = [...slowest].sort(([, [one]], [, [other]]) => (one === other ? 0 : other - one));
  const shown = kinds.slice(0, kindsShown).map(([f, [ms, times]]) => {
    const among = times === 1 ? "" : ` (slowest of ${times})`;
    return ms === Infinity
      ? style.unsure(`${f}: nothing committed afterwards`)
      : `${f} ${Math.ceil(ms).toLocaleString("en-US")} ms${among}`;
  });
  const left = kinds.length - shown.length;
  return [...shown, ...(left === 0 ? [] : [`${left} kinds more`])].join(", ");
}

function rateText(rate: number): string {
  return rate.toLocaleString("en-US", { maximumFractionDigits: rate < 10 ? 1 : 0 });
}
