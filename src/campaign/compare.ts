import { join } from "node:path";

import type { Validity, Verdict } from "../checkers/verdict.ts";
import type { DatabaseKind, IsolationLevel } from "../history/header.ts";
import { compareWithExpected, expectedAt, type Comparison } from "../workload/expectation.ts";
import type { RunConfig } from "../runner/run-config.ts";
import type { Tally } from "../runner/run-context.ts";
import { runOnce, type RunRequest } from "./run-once.ts";
import type { Target } from "./target.ts";

/** One cell to be run: a variant at a level on a server. */
export interface CellRequest {
  readonly target: Target;
  readonly config: RunConfig;
  /** The cell's directory inside the compare's own. */
  readonly name: string;
}

/** One cell of the matrix. The keys are stable: this is what `--json` prints. */
export interface Cell {
  readonly database: DatabaseKind;
  readonly version: string;
  readonly isolation: IsolationLevel;
  readonly workload: string;
  readonly variant: string;
  readonly valid: Validity;
  readonly anomalyTypes: readonly string[];
  readonly observed: readonly string[];
  readonly counts: Verdict["counts"];
  /** How the cell stands against what the variant declares. */
  readonly declared: Comparison;
  /** Present when the cell proved nothing. */
  readonly because?: string;
  readonly run: string;
}

/** What every cell shares. */
export interface CompareRequest extends Pick<RunRequest, "clock" | "stop" | "warn" | "settings" | "model"> {
  readonly cells: readonly CellRequest[];
  readonly directory: string;
  readonly progress: (cell: CellRequest, tally: Tally) => void;
  readonly finished: (cell: Cell) => void;
}

/**
 * Runs the cells one after another and sets each finding beside what its variant declares.
 * Stops after the running cell when `stop` is aborted; an interrupted cell is not reported.
 *
 * @throws EnvironmentError, RecorderError, WorkloadError of the first cell that cannot be run
 */
export async function compareCells(request: CompareRequest): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const asked of request.cells) {
    if (request.stop.aborted) break;
    const { config } = asked;
    const outcome = await runOnce({
      ...request,
      config,
      target: asked.target,
      directory: join(request.directory, asked.name),
      progress: (tally) => {
        request.progress(asked, tally);
      },
    });
    if (outcome.interrupted) break;
    const cell = cellOf(config, outcome);
    request.finished(cell);
    cells.push(cell);
  }
  return cells;
}

/** A cell is as declared when all that must show did, nothing showed that never should, and it proved something. */
export function asDeclared(cell: Cell): boolean {
  return (
    cell.valid !== "unknown" && cell.declared.unseen.length === 0 && cell.declared.forbidden.length === 0
  );
}

function cellOf(
  config: RunConfig,
  { database, verdict, directory }: Awaited<ReturnType<typeof runOnce>>,
): Cell {
  const { isolation, workload, variantName, variant } = config;
  return {
    database: database.kind,
    version: database.version,
    isolation,
    workload: workload.name,
    variant: variantName,
    valid: verdict.valid,
    anomalyTypes: verdict.anomalyTypes,
    observed: verdict.observed,
    counts: verdict.counts,
    declared: compareWithExpected(expectedAt(variant.expect, { database, isolation }), verdict.observed),
    ...(verdict.because === undefined ? {} : { because: verdict.because }),
    run: directory,
  };
}
