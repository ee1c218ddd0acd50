import { join } from "node:path";

import { inDatabase } from "../../../src/campaign/in-database.ts";
import { judge } from "../../../src/campaign/judge.ts";
import type { Verdict } from "../../../src/checkers/verdict.ts";
import type { Server } from "../../../src/clients/servers/server.ts";
import { realClock } from "../../../src/clock/real-clock.ts";
import { loadHistory } from "../../../src/history/load-history.ts";
import { operationAt } from "../../../src/history/operation-at.ts";
import type { Operation } from "../../../src/history/operation.ts";
import type { Nemesis } from "../../../src/nemesis/nemesis.ts";
import { executeRun } from "../../../src/runner/execute-run.ts";
import type { RunConfig } from "../../../src/runner/run-config.ts";
import { temporaryDirectory } from "../../support/runs.ts";

/** What came of a run under faults. */
export interface FaultyRun {
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  readonly operations: readonly Operation[];
  /** What each fault did, those that hit nothing left out. */
  readonly struck: readonly unknown[];
  readonly warnings: readonly string[];
}

/** Executes a free-running run with these faults on a server of ours, and judges its history. */
export async function faultyRun(
  config: RunConfig,
  server: Server,
  nemeses: readonly Nemesis[],
  more: {
    readonly stop?: AbortSignal;
    readonly intervalMs?: number;
    readonly durationMs?: number;
    readonly settings?: Record<string, string>;
    /** Where the run leaves its files. */
    readonly directory?: string;
  } = {},
): Promise<FaultyRun> {
  const directory = more.directory ?? temporaryDirectory();
  const clock = realClock();
  const { intervalMs = 250, durationMs = 200, settings = {} } = more;
  const faulty: RunConfig = { ...config, faults: { nemeses, intervalMs, durationMs } };
  const warnings: string[] = [];
  const request = {
    config: faulty,
    target: { url: server.url, server },
    settings,
    clock,
    warn: (sentence: string) => warnings.push(sentence),
  };
  const { interrupted } = await inDatabase(request, (database) =>
    executeRun(faulty, {
      database,
      directory,
      clock,
      stop: more.stop ?? new AbortController().signal,
      progress: () => undefined,
      means: { server, proxy: null },
    }),
  );
  const { history } = await loadHistory(join(directory, "history.jsonl"));
  const operations = Array.from({ length: history.length }, (_, row) => operationAt(history, row));
  return {
    verdict: judge(history, { config: faulty, model: undefined }),
    interrupted,
    warnings,
    operations,
    struck: operations
      .filter(({ process, type, value }) => process === "nemesis" && type === "info" && value !== null)
      .map(({ value }) => value),
  };
}
