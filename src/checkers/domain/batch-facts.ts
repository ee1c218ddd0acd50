import { type History, mopKindCode, typeCode } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import { listOf, member, members } from "./json-members.ts";
import { told, type Told } from "./told.ts";

/** A batch of metrics that surely committed. */
export interface Batch {
  /** Row of the completion. */
  readonly row: number;
  readonly attempt: string;
  /** The metrics that it logged. */
  readonly names: readonly string[];
}

/** What a committed read showed of one attempt's metrics: how often each. */
export type Shown = ReadonlyMap<string, number>;

/** All metrics of one model as a committed read showed them. */
export interface MetricsRead {
  readonly reader: Told;
  readonly model: string;
  readonly shown: ReadonlyMap<string, Shown>;
}

/** What a history says about batches of metrics. */
export interface BatchFacts {
  /** By model, then by attempt; in row order. */
  readonly batches: ReadonlyMap<string, ReadonlyMap<string, Batch>>;
  /** In row order. */
  readonly reads: readonly MetricsRead[];
  /** By attempt: the row of the completion of a batch that surely did not commit. */
  readonly failed: ReadonlyMap<string, number>;
}

/** Collects them. Linear in the metrics that reads showed. */
export function batchFacts(history: History): BatchFacts {
  const batches = new Map<string, Map<string, Batch>>();
  const reads: MetricsRead[] = [];
  for (const reader of told(history)) {
    const { row, data } = reader;
    for (const [model, logged] of members(member(data, "logged"))) {
      const [attempt, names] = listOf(logged);
      if (typeof attempt !== "string" || names === undefined) continue;
      const ofModel = batches.get(model) ?? new Map<string, Batch>();
      batches.set(model, ofModel.set(attempt, { row, attempt, names: listOf(names).filter(isText) }));
    }
    for (const [model, metrics] of members(member(data, "metrics")))
      reads.push({ reader, model, shown: shownIn(metrics) });
  }
  return { batches, reads, failed: failedElements(history) };
}

function shownIn(metrics: Json): ReadonlyMap<string, Shown> {
  const shown = new Map<string, Map<string, number>>();
  for (const pair of listOf(metrics)) {
    const [attempt, name] = listOf(pair);
    if (typeof attempt !== "string" || typeof name !== "string") continue;
    const times = shown.get(attempt) ?? new Map<string, number>();
    shown.set(attempt, times.set(name, (times.get(name) ?? 0) + 1));
  }
  return shown;
}

function failedElements(history: History): ReadonlyMap<string, number> {
  const failed = new Map<string, number>();
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== typeCode.fail) continue;
    for (let mop = history.mopStart[row] ?? 0; mop < (history.mopStart[row + 1] ?? 0); mop++) {
      const element = history.values[history.mopValue[mop] ?? 0];
      if (history.mopKind[mop] === mopKindCode.add && isText(element)) failed.set(element, row);
    }
  }
  return failed;
}

function isText(json: Json | undefined): json is string {
  return typeof json === "string";
}
