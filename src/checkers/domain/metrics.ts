import type { History } from "../../history/history.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import { type Batch, type BatchFacts, batchFacts, type MetricsRead, type Shown } from "./batch-facts.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { caseOf, casesByAnomaly, readerText } from "./told.ts";

/**
 * Metrics that are logged in batches: a reader sees all of a batch or nothing of it (`fractured-batch`),
 * and when everything has ended, each metric of a committed batch is there (`missing-metric`), and once
 * (`extra-metric`).
 *
 * Assumes: a batch is an `ok` operation that carries `data.logged[model] = [attempt, names]`, which its writer
 * calls one unit, so that it counts as one however it was carried out; `ok` reads carry
 * `data.metrics[model] = [[attempt, name], …]`, all metrics of the model, an entry for each row, as one statement or
 * several showed them; rows are never deleted. Reads at rest (f `read-at-rest`) come after everything else.
 * Batches of unknown outcome are not judged; what an operation that surely failed was to `add` must not be
 * there at rest. Linear.
 */
export const metrics: DomainChecker = {
  name: "metrics",
  summary: "a batch of metrics is seen whole or not at all, and is there once when everything has ended",
  anomalies: {
    "fractured-batch": "a reader saw a part of a batch of metrics that was logged as a whole",
    "missing-metric": "a metric of a committed batch cannot be read when everything has ended",
    "extra-metric": "a metric is there more often than it was logged, or though logging it failed",
  },
  check,
};

function check(history: History): DomainResult {
  const facts = batchFacts(history);
  const atRest = facts.reads.filter(({ reader }) => reader.isAtRest);
  const running = facts.reads.filter(({ reader }) => !reader.isAtRest);
  return {
    anomalies: casesByAnomaly({
      "fractured-batch": fractured(history, facts, running),
      "missing-metric": atRest.flatMap((read) => missing(history, facts, read)),
      "extra-metric": atRest.flatMap((read) => extra(history, facts, read)),
    }),
    notes: [],
  };
}

/** The first read of each part of a batch. */
function fractured(
  history: History,
  { batches }: BatchFacts,
  reads: readonly MetricsRead[],
): readonly Witness[] {
  const cases = new Map<string, Witness>();
  for (const { reader, model, shown } of reads)
    for (const [attempt, names] of shown) {
      const batch = batches.get(model)?.get(attempt);
      const id = JSON.stringify([model, attempt, [...names.keys()].sort()]);
      if (batch === undefined || cases.has(id)) continue;
      const absent = absentOf(batch, names);
      if (absent.length === 0) continue;
      const said =
        `${readerText(history, reader)} saw ${namesText([...names.keys()])} of the batch that ` +
        `${batchText(history, batch)} logged for ${valueText(model)}, but not its ${namesText(absent)}`;
      cases.set(id, caseOf(history, [batch.row, reader.row], said));
    }
  return [...cases.values()];
}

function missing(history: History, { batches }: BatchFacts, read: MetricsRead): readonly Witness[] {
  return [...(batches.get(read.model)?.values() ?? [])].flatMap((batch) => {
    const absent = absentOf(batch, read.shown.get(batch.attempt));
    if (absent.length === 0) return [];
    const said =
      `${batchText(history, batch)} logged ${namesText(absent)} for ${valueText(read.model)} and committed, ` +
      `but ${readerText(history, read.reader)} does not show it`;
    return [caseOf(history, [batch.row, read.reader.row], said)];
  });
}

function extra(history: History, { batches, failed }: BatchFacts, read: MetricsRead): readonly Witness[] {
  const { reader, model } = read;
  return [...read.shown].flatMap(([attempt, names]) => {
    const failure = failed.get(attempt);
    const batch = batches.get(model)?.get(attempt);
    const often = [...names].filter(([, times]) => times > 1).map(([name]) => name);
    if (failure !== undefined) {
      const said =
        `${readerText(history, reader)} shows ${namesText([...names.keys()])} of ${valueText(model)} by ` +
        `${valueText(attempt)}, which failed (index ${indexOf(history, failure)})`;
      return [caseOf(history, [failure, reader.row], said)];
    }
    if (often.length === 0) return [];
    const who = batch === undefined ? valueText(attempt) : batchText(history, batch);
    const said = `${who} logged ${namesText(often)} for ${valueText(model)} once, but ${readerText(history, reader)} shows it more often`;
    return [caseOf(history, [...(batch === undefined ? [] : [batch.row]), reader.row], said)];
  });
}

function absentOf({ names }: Batch, shown: Shown | undefined): readonly string[] {
  return names.filter((name) => shown?.has(name) !== true);
}

function batchText(history: History, { row, attempt }: Batch): string {
  return `${valueText(attempt)} (index ${indexOf(history, row)})`;
}

function namesText(names: readonly string[]): string {
  return sentenceList(names.map((name) => valueText(name)));
}
