import { type History, typeCode } from "../../history/history.ts";
import { readAtRest } from "../at-rest/client-operations.ts";
import { faults, hasStruck } from "../faults.ts";
import { bucketSize } from "./bucket-size.ts";
import { type LatencyMs, latencies } from "./latencies.ts";
import { recoveries } from "./recoveries.ts";

/**
 * How a server answered over time. Times are milliseconds since the run began. The reads at rest are left out, as
 * are operations that never completed.
 */
export interface Availability {
  /** Where the first bucket begins: at the first invocation of a client. */
  readonly fromMs: number;
  readonly bucketMs: number;
  /** Without a gap, up to the last completion of a client. */
  readonly buckets: readonly AvailabilityBucket[];
  /** In the order in which they began. */
  readonly faults: readonly AvailabilityFault[];
}

/** What completed within one bucket. */
export interface AvailabilityBucket {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** From invocation to completion, of those that are `ok`; null where there is none. */
  readonly latencyMs: LatencyMs | null;
}

/** One fault, and how soon the server answered again. */
export interface AvailabilityFault {
  readonly f: string;
  /** What was done; `failed` where it could not be injected, null where there was nothing to hit. */
  readonly did: string | null;
  readonly fromMs: number;
  /** When it was over, undone where it lasts; null where it never completed. */
  readonly toMs: number | null;
  /**
   * From the end of the fault to the first `ok` completion of an operation that was invoked after the fault had
   * begun; 0 where that came before the end. Null where none came, the fault never ended or it hit nothing.
   */
  readonly recoveryMs: number | null;
}

/** How to measure. */
export interface AvailabilityOptions {
  /** The width of a bucket; chosen by the length of the run unless given. Widened where there would be over 600 buckets. */
  readonly bucketMs?: number;
}

/**
 * Throughput, latency and faults over time; undefined for a history that is no free-running execution of ours:
 * elsewhere times are no nanoseconds. Linear, but for sorting latencies within buckets.
 */
export function availability(history: History, options: AvailabilityOptions = {}): Availability | undefined {
  if (history.header?.mode !== "stress") return undefined;
  const rest = history.functions.indexOf(readAtRest);
  const isCounted = (row: number): boolean => (history.process[row] ?? -1) >= 0 && history.f[row] !== rest;
  const [from, to] = extent(history, isCounted);
  const lengthMs = toMs(to - from);
  const bucketMs = bucketSize(lengthMs, options.bucketMs);
  const count = to < from ? 0 : Math.floor(lengthMs / bucketMs) + 1;
  const bucketOf = (time: number): number =>
    Math.max(0, Math.min(count - 1, Math.floor(toMs(time - from) / bucketMs)));

  const [ok, fail, info] = [new Uint32Array(count), new Uint32Array(count), new Uint32Array(count)];
  for (let row = 0; row < history.length; row++) {
    const type = history.type[row];
    if (type === typeCode.invoke || !isCounted(row)) continue;
    const column = type === typeCode.ok ? ok : type === typeCode.fail ? fail : info;
    const bucket = bucketOf(history.time[row] ?? 0);
    column[bucket] = (column[bucket] ?? 0) + 1;
  }
  const latency = latencies(history, isCounted, bucketOf, ok);
  return {
    fromMs: count === 0 ? 0 : toMs(from),
    bucketMs,
    buckets: Array.from(ok, (committed, bucket) => ({
      ok: committed,
      fail: fail[bucket] ?? 0,
      info: info[bucket] ?? 0,
      latencyMs: latency[bucket] ?? null,
    })),
    faults: faultsIn(history, isCounted),
  };
}

function faultsIn(history: History, isCounted: (row: number) => boolean): readonly AvailabilityFault[] {
  const all = faults(history);
  const answered = recoveries(history, all, isCounted);
  return all.map((fault, number) => {
    const { name, began, ended, isOver, did } = fault;
    const end = isOver ? (history.time[ended] ?? 0) : null;
    const answer = hasStruck(fault) ? (answered[number] ?? null) : null;
    return {
      f: name,
      did,
      fromMs: toMs(history.time[began] ?? 0),
      toMs: end === null ? null : toMs(end),
      recoveryMs: end === null || answer === null ? null : toMs(Math.max(0, answer - end)),
    };
  });
}

/** The first invocation and the last completion, in nanoseconds. */
function extent(history: History, isCounted: (row: number) => boolean): readonly [from: number, to: number] {
  let [from, to] = [Infinity, -Infinity];
  for (let row = 0; row < history.length; row++) {
    if (!isCounted(row)) continue;
    const time = history.time[row] ?? 0;
    from = Math.min(from, time);
    if (history.type[row] !== typeCode.invoke) to = Math.max(to, time);
  }
  return [from, to];
}

/** Milliseconds, to the microsecond. */
function toMs(nanos: number): number {
  return Math.round(nanos / 1e3) / 1e3;
}
