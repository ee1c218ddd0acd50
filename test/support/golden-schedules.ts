import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { recordedRun, type RecordedRun } from "../../src/cli/recorded-run.ts";
import { loadWorkload } from "../../src/cli/load-workload.ts";
import type { IsolationLevel } from "../../src/history/header.ts";
import type { RunConfig } from "../../src/runner/run-config.ts";
import { parametersFor } from "../../src/workload/parameters.ts";

/** Where the golden schedules are. */
export const folder: string = resolve(import.meta.dirname, "../../histories/schedules");

/** A server at a level, perhaps with a variable set; those of one server stand in the order of their strength. */
export interface GoldenTarget {
  readonly name: string;
  readonly title: string;
  readonly db: "postgres" | "mariadb";
  readonly isolation: IsolationLevel;
  readonly set?: Readonly<Record<string, string>>;
}

/** An anomaly, and the seed with which it is found at each target that allows it. */
export interface GoldenAnomaly {
  readonly name: string;
  readonly title: string;
  readonly anomaly: string;
  readonly summary: string;
  readonly workload: string;
  readonly seeds: Readonly<Record<string, string>>;
  /** What is worth knowing of the schedule at a target. */
  readonly notes?: Readonly<Record<string, string>>;
}

/** A folder of histories/schedules. */
export interface GoldenEntry {
  readonly name: string;
  readonly directory: string;
  readonly anomaly: GoldenAnomaly;
  readonly target: GoldenTarget;
}

/** What scripts/golden-schedules.mjs works through. */
export const { anomalies, targets }: Readonly<{ anomalies: GoldenAnomaly[]; targets: GoldenTarget[] }> =
  JSON.parse(readFileSync(join(folder, "table.json"), "utf8")) as never;

/** One for each anomaly and target that shows it. */
export const entries: readonly GoldenEntry[] = anomalies.flatMap((anomaly) =>
  targets.flatMap((target) => entryOf(anomaly, target) ?? []),
);

/** Undefined where the target does not show it. */
export function entryOf(anomaly: GoldenAnomaly, target: GoldenTarget): GoldenEntry | undefined {
  if (anomaly.seeds[target.name] === undefined) return undefined;
  const name = `${anomaly.name}-${target.name}`;
  return { name, directory: join(folder, name), anomaly, target };
}

/** A file of an entry. */
export function read({ directory }: GoldenEntry, file: string): string {
  return readFileSync(join(directory, file), "utf8");
}

/** An entry as `isolab replay` would take it. */
export async function recordedConfig(
  entry: GoldenEntry,
): Promise<{ readonly run: RecordedRun; readonly config: RunConfig }> {
  const run = await recordedRun(entry.directory);
  const { workload } = entry.anomaly;
  const source = /:|\.ts$/.test(workload) ? workload : `${workload}:${run.variant ?? ""}`;
  const [chosen] = await loadWorkload(source);
  if (chosen === undefined) throw new Error(`${source} has no variants`);
  const given = Object.entries(run.parameters)
    .filter(([name]) => name in chosen.workload.parameters)
    .map(([name, value]) => [name, JSON.stringify(value)] as const);
  const config: RunConfig = {
    ...chosen,
    plan: run.plan,
    seed: run.plan.seed,
    parameters: parametersFor(chosen.workload, given),
    isolation: run.isolation,
    sessions: run.plan.sessions.length,
    operations: run.plan.sessions.flat().length,
    rate: undefined,
    timeLimitMs: undefined,
    thinkMs: 2,
    faults: undefined,
  };
  return { run, config };
}
