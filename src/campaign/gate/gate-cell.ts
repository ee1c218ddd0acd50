import { join } from "node:path";

import type { DatabaseDescription } from "../../history/header.ts";
import type { Interleaving, RunConfig } from "../../runner/run-config.ts";
import { explore } from "../explore.ts";
import type { Finding } from "../finding.ts";
import { runOnce, type RunRequest } from "../run-once.ts";
import type { Target } from "../target.ts";
import type { BaselineCell, Shown } from "./baseline.ts";

/** One cell to be tried: a variant at a level on a server. */
export interface GateCellRequest extends Pick<RunRequest, "clock" | "stop" | "warn" | "settings"> {
  readonly target: Target;
  /** Of the search. */
  readonly search: RunConfig;
  readonly schedules: number;
  /** Of the free-running execution; undefined for none. */
  readonly freely: RunConfig | undefined;
  /** The cell's own directory; `search` and `free` are made in it. */
  readonly directory: string;
  /** What ends the search as soon as something else shows; undefined to see all there is. */
  readonly baseline: BaselineCell | undefined;
}

/** What a cell has shown, and where it is recorded. */
export interface GateCellResult extends Shown {
  readonly database: DatabaseDescription;
  /** Why it proves nothing, if it does not. */
  readonly unknown: string | undefined;
  /** What the search found that the baseline does not allow. */
  readonly finding: Finding | undefined;
  readonly searchDirectory: string;
  readonly freeDirectory: string | undefined;
  readonly interrupted: boolean;
}

/** Chance is in the schedules only, and the seed decides them. */
const interleaving: Interleaving = {
  strategy: "random",
  depth: undefined,
  overlaps: undefined,
  preemptions: undefined,
  prune: true,
  faults: [],
  faultRate: 0,
};

/**
 * Searches through a fixed number of schedules, which are the same each time on a server of ours, then runs freely.
 * @throws EnvironmentError, RecorderError, WorkloadError
 */
export async function gateCell(request: GateCellRequest): Promise<GateCellResult> {
  const { directory, baseline, target } = request;
  const seen = new Set<string>();
  const common = { ...request, model: undefined, target };
  const searched = await explore({
    ...common,
    config: request.search,
    interleaving,
    anomalies: [],
    wanted: ({ anomalyTypes, observed }) => {
      for (const anomaly of observed) seen.add(anomaly);
      if (baseline === undefined) return undefined;
      // What the workload is about says more than what its level allows anyway.
      return [...anomalyTypes, ...observed].find(
        (anomaly) => !baseline.expected.includes(anomaly) && !baseline.allowed.includes(anomaly),
      );
    },
    shrinks: true,
    directory: join(directory, "search"),
    progress: () => undefined,
  });
  const because = searchDoubt(searched, request.schedules);
  const search = {
    database: searched.database,
    searched: [...seen].sort(),
    finding: searched.finding,
    searchDirectory: searched.directory,
  };
  if (searched.interrupted || request.freely === undefined)
    return {
      ...search,
      freely: [],
      unknown: because,
      freeDirectory: undefined,
      interrupted: searched.interrupted,
    };
  const free = await runOnce({
    ...common,
    config: request.freely,
    directory: join(directory, "free"),
    progress: () => undefined,
  });
  const doubt = free.verdict.valid === "unknown" ? free.verdict.because : undefined;
  return {
    ...search,
    freely: free.verdict.anomalyTypes,
    unknown: because ?? doubt,
    freeDirectory: free.directory,
    interrupted: free.interrupted,
  };
}

function searchDoubt(
  { finding, stuck, committed, executed }: Awaited<ReturnType<typeof explore>>,
  asked: number,
): string | undefined {
  if (finding !== undefined) return undefined;
  if (stuck !== undefined) return stuck;
  if (!committed) return "no schedule committed anything";
  return executed < asked ? `only ${executed} of ${asked} schedules were executed` : undefined;
}
