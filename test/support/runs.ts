import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

import { loadHistory } from "../../src/history/load-history.ts";
import { operationAt } from "../../src/history/operation-at.ts";
import type { Operation } from "../../src/history/operation.ts";
import { runOnce, type RunOutcome } from "../../src/campaign/run-once.ts";
import { realClock } from "../../src/clock/real-clock.ts";
import type { IsolationLevel } from "../../src/history/header.ts";
import type { RunConfig } from "../../src/runner/run-config.ts";
import { parametersFor } from "../../src/workload/parameters.ts";
import type { Workload } from "../../src/workload/workload.ts";

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "isolab-test-"));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

/** A configuration with small numbers, for one variant at one level. */
export function runConfig(
  workload: Workload,
  variantName: string,
  isolation: IsolationLevel,
  changes: Partial<RunConfig> = {},
): RunConfig {
  const variant = workload.variants[variantName];
  if (variant === undefined) throw new Error(`no variant ${variantName}`);
  return {
    workload,
    variantName,
    variant,
    isolation,
    parameters: parametersFor(workload, []),
    seed: "1",
    sessions: 5,
    operations: 200,
    rate: undefined,
    timeLimitMs: undefined,
    thinkMs: 2,
    faults: undefined,
    ...changes,
  };
}

/** Runs it on the server, in a directory that is gone after the test. */
export async function runThere(
  config: RunConfig,
  url: string,
  more: { readonly settings?: Record<string, string>; readonly stop?: AbortSignal } = {},
): Promise<RunOutcome> {
  return runOnce({
    config,
    target: { url, server: null },
    settings: more.settings ?? {},
    directory: join(temporaryDirectory(), "run"),
    model: undefined,
    clock: realClock(),
    stop: more.stop ?? new AbortController().signal,
    progress: () => undefined,
    warn: () => undefined,
  });
}

/** The operations of a run, in the order of its history. */
export async function operationsOf(directory: string): Promise<readonly Operation[]> {
  const { history } = await loadHistory(join(directory, "history.jsonl"));
  return Array.from({ length: history.length }, (_, row) => operationAt(history, row));
}
