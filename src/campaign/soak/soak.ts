import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { Verdict } from "../../checkers/verdict.ts";
import type { Clock } from "../../clock/clock.ts";
import { loadHistory } from "../../history/load-history.ts";
import type { Interleaving, RunConfig } from "../../runner/run-config.ts";
import { runFiles } from "../../runner/run-directory.ts";
import { runOnce, type RunOutcome, type RunRequest } from "../run-once.ts";
import type { Target } from "../target.ts";
import { brokenPromises } from "./broken-promises.ts";
import { coverageOf } from "./coverage.ts";
import { keptRuns } from "./kept-runs.ts";
import { soakServers } from "./soak-servers.ts";

/** One run of a soak, as it was drawn. */
export interface SoakRun {
  readonly config: RunConfig;
  readonly interleaving: Interleaving | undefined;
  /** The command line that repeats it. */
  readonly command: string;
}

/** What became of one run; a line of `soak.jsonl`, and stable. */
export interface SoakLine {
  /** From 0. */
  readonly number: number;
  readonly seed: string;
  readonly command: string;
  readonly valid: Verdict["valid"] | null;
  /** Why it failed: anomalies that never should show, an error, a difference between two executions. */
  readonly failures: readonly string[];
  readonly observed: readonly string[];
  readonly counts: { readonly ok: number; readonly fail: number; readonly info: number };
  /** How much it showed that no run before it had. */
  readonly news: number;
  /** Its directory, if it is kept. */
  readonly kept: string | null;
  readonly seconds: number;
  /** Resident memory of this process afterwards, in MB. */
  readonly residentMb: number;
}

export interface SoakRequest extends Pick<RunRequest, "settings" | "clock" | "stop" | "warn"> {
  /** Draws the configuration of a run, for the server that it is to use. */
  readonly draw: (number: number, server: number) => Promise<SoakRun>;
  /** Each starts a server; run number n uses the (n modulo their number)-th. */
  readonly servers: readonly (() => Promise<Target>)[];
  /** An existing directory, for the runs that are kept and `soak.jsonl`. */
  readonly directory: string;
  readonly timeLimitMs: number;
  readonly mostRuns: number;
  /** Of the runs that are kept, together. */
  readonly mostBytes: number;
  readonly began: (number: number, run: SoakRun) => void;
  readonly finished: (line: SoakLine) => void;
}

/** What a soak has shown. */
export interface SoakResult {
  readonly runs: number;
  readonly failed: readonly SoakLine[];
  /** Runs that proved nothing. */
  readonly unknown: number;
  /** How many different things all of them have shown; see {@link coverageOf}. */
  readonly coverage: number;
  readonly kept: number;
  readonly keptBytes: number;
  readonly seconds: number;
}

/** The file with one line for each run. */
export const soakLog = "soak.jsonl";

/** A bound: how many failures are answered; all of them are in the log. */
const mostFailures = 100;

/**
 * Runs one configuration after another until the time is over. What failed stays on the disk, and what showed
 * something new; the rest goes. A run that fails ends nothing.
 *
 * @throws EnvironmentError when a server cannot be had at all
 */
export async function soak(request: SoakRequest): Promise<SoakResult> {
  const { clock, stop, directory } = request;
  const began = clock.nanos();
  const deadline = began + request.timeLimitMs * 1e6;
  const known = new Set<string>();
  const kept = keptRuns(request.mostBytes);
  const failed: SoakLine[] = [];
  const servers = soakServers(request.servers);
  let runs = 0;
  let unknown = 0;
  try {
    for (; runs < request.mostRuns && clock.nanos() < deadline && !stop.aborted; runs++) {
      const index = runs % request.servers.length;
      const run = await request.draw(runs, index);
      request.began(runs, run);
      const place = join(directory, `${runs}`);
      const started = clock.nanos();
      const outcome = await servers.using(index, (target) => attempt(request, run, target, place));
      if (outcome.kind === "interrupted") {
        rmSync(place, { recursive: true, force: true });
        break;
      }
      if (outcome.kind === "error") await servers.retire(index);
      const shown = outcome.kind === "done" ? await coverageIn(place, outcome.verdict) : new Set<string>();
      const news = [...shown].filter((what) => !known.has(what)).length;
      for (const what of shown) known.add(what);
      const failures = outcome.failures;
      if (outcome.kind === "done" && outcome.verdict.valid === "unknown") unknown++;
      const keeps = failures.length > 0 || news > 0;
      if (keeps) kept.keep(place, failures.length > 0);
      else rmSync(place, { recursive: true, force: true });
      const line: SoakLine = {
        number: runs,
        seed: run.config.seed,
        command: run.command,
        valid: outcome.kind === "done" ? outcome.verdict.valid : null,
        failures,
        observed: outcome.kind === "done" ? outcome.verdict.observed : [],
        counts: outcome.kind === "done" ? plainCounts(outcome.verdict) : { ok: 0, fail: 0, info: 0 },
        news,
        kept: keeps ? place : null,
        seconds: secondsSince(started, clock),
        residentMb: Math.round(process.memoryUsage.rss() / 1e6),
      };
      appendFileSync(join(directory, soakLog), `${JSON.stringify(line)}\n`);
      if (failures.length > 0 && failed.length < mostFailures) failed.push(line);
      request.finished(line);
    }
  } finally {
    await servers.release();
  }
  return {
    runs,
    failed,
    unknown,
    coverage: known.size,
    kept: kept.count,
    keptBytes: kept.bytes,
    seconds: secondsSince(began, clock),
  };
}

type Attempt =
  | { readonly kind: "done"; readonly verdict: Verdict; readonly failures: readonly string[] }
  | { readonly kind: "error"; readonly failures: readonly string[] }
  | { readonly kind: "interrupted" };

async function attempt(
  request: SoakRequest,
  { config, interleaving }: SoakRun,
  target: Target,
  directory: string,
): Promise<Attempt> {
  let outcome: RunOutcome;
  try {
    outcome = await runOnce({
      ...request,
      config,
      interleaving,
      repeat: interleaving === undefined ? 1 : 2,
      target,
      directory,
      model: undefined,
      progress: () => undefined,
    });
  } catch (error) {
    if (request.stop.aborted) return { kind: "interrupted" };
    return { kind: "error", failures: [error instanceof Error ? error.message : String(error)] };
  }
  const { verdict, database, interrupted, repetition } = outcome;
  if (interrupted) return { kind: "interrupted" };
  const difference = repetition?.racy === false ? repetition.difference : undefined;
  const failures = [
    ...brokenPromises(config, database, verdict),
    ...(verdict.crashed ?? []),
    ...(difference === undefined ? [] : [`not deterministic: ${difference}`]),
  ];
  return { kind: "done", verdict, failures };
}

async function coverageIn(directory: string, verdict: Verdict): Promise<ReadonlySet<string>> {
  const { history } = await loadHistory(join(directory, runFiles.history));
  return coverageOf(history, verdict);
}

function plainCounts({ counts: { ok, fail, info } }: Verdict): SoakLine["counts"] {
  return { ok, fail, info };
}

function secondsSince(nanos: number, clock: Clock): number {
  return Math.round((clock.nanos() - nanos) / 1e6) / 1e3;
}
