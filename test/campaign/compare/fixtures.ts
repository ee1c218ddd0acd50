import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { type Cell, cellOf } from "../../../src/campaign/compare/cell.ts";
import type { CompareAsked } from "../../../src/campaign/compare/compare-asked.ts";
import { writeAsked } from "../../../src/campaign/compare/compare-asked.ts";
import { writeCell } from "../../../src/campaign/compare/saved-cells.ts";
import type { RunOutcome } from "../../../src/campaign/run-once.ts";
import type { Verdict } from "../../../src/checkers/verdict.ts";
import type { Operation } from "../../../src/history/operation.ts";
import type { RunConfig } from "../../../src/runner/run-config.ts";

/** A verdict that found one case of each of these anomalies, in the operations of these indices. */
export function verdictOf(
  anomalies: Readonly<Record<string, readonly number[]>>,
  changes: Partial<Verdict> = {},
): Verdict {
  const observed = Object.keys(anomalies).sort();
  const completion = (index: number): Operation => ({
    index,
    time: index,
    process: 0,
    type: "ok",
    f: "txn",
    value: [],
  });
  return {
    valid: true,
    model: "read-committed",
    anomalyTypes: [],
    observed,
    not: [],
    alsoNot: [],
    anomalies: Object.fromEntries(
      Object.entries(anomalies).map(([name, indices]) => [
        name,
        [{ cycle: indices.map(completion), steps: [], explanation: "" }],
      ]),
    ),
    notes: [],
    counts: { ok: 10, fail: 1, info: 0, byF: {} },
    ...changes,
  };
}

/** A run that came to such a verdict on a PostgreSQL. */
export function outcomeOf(directory: string, verdict: Verdict): RunOutcome {
  const database = { kind: "postgres", version: "18.4", settings: {} } as const;
  return { directory, database, verdict, interrupted: false };
}

/** A recorded cell in its directory, as a comparison leaves it. */
export function recordedCell(directory: string, name: string, config: RunConfig, verdict: Verdict): Cell {
  const run = join(directory, name);
  mkdirSync(run, { recursive: true });
  const cell = cellOf({ name, server: 1, source: config.workload.name }, config, outcomeOf(run, verdict));
  writeCell(cell);
  return cell;
}

/** A comparison of these cells that was asked for. */
export function askedFor(
  directory: string,
  cells: readonly string[],
  changes: Partial<CompareAsked> = {},
): void {
  mkdirSync(directory, { recursive: true });
  writeAsked(directory, {
    seed: "1",
    servers: [{ db: "postgres" }],
    flags: { workload: "register", durable: false, set: [] },
    cells,
    shard: null,
    markdown: null,
    ...changes,
  });
}
