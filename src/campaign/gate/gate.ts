import type { DatabaseKind, IsolationLevel } from "../../history/header.ts";
import type { Baseline } from "./baseline.ts";
import { gateCell, type GateCellRequest, type GateCellResult } from "./gate-cell.ts";
import { judgeCell, type Complaint } from "./judge-cell.ts";

/** A cell of the gate, by the name that it has in the baseline. */
export interface GateCell {
  /** The server: its kind, or the name that the config gives it. */
  readonly target: string;
  /** The workload and its variant as they are named on the command line. */
  readonly spec: string;
  readonly request: Omit<GateCellRequest, "baseline">;
}

/** One cell that was tried. */
export interface TriedCell {
  readonly name: string;
  readonly target: string;
  readonly database: DatabaseKind;
  readonly version: string;
  readonly workload: string;
  readonly variant: string;
  readonly isolation: IsolationLevel;
  readonly spec: string;
  readonly request: Omit<GateCellRequest, "baseline">;
  readonly result: GateCellResult;
  /** Empty when the cell is as the baseline has it. */
  readonly complaints: readonly Complaint[];
  readonly seconds: number;
}

export interface GateRequest {
  readonly cells: readonly GateCell[];
  /** Undefined where one is to be written: then nothing is complained of but cells that proved nothing. */
  readonly baseline: Baseline | undefined;
  readonly strict: boolean;
  readonly began: (name: string, number: number) => void;
  readonly finished: (cell: TriedCell) => Promise<void>;
}

/**
 * Tries one cell after another; ends after the running one when it is interrupted.
 * @throws EnvironmentError, RecorderError, WorkloadError of the first cell that cannot be tried
 */
export async function gate(request: GateRequest): Promise<readonly TriedCell[]> {
  const { baseline, strict } = request;
  const tried: TriedCell[] = [];
  for (const [number, { target, spec, request: asked }] of request.cells.entries()) {
    if (asked.stop.aborted) break;
    const { search, clock } = asked;
    const name = cellName(target, search);
    request.began(name, number);
    const began = clock.nanos();
    const result = await gateCell({ ...asked, baseline: baseline?.cells[name] });
    if (result.interrupted) break;
    const cell: TriedCell = {
      name,
      target,
      database: result.database.kind,
      version: result.database.version,
      workload: search.workload.name,
      variant: search.variantName,
      isolation: search.isolation,
      spec,
      request: asked,
      result,
      complaints:
        baseline === undefined
          ? judgeCell({ expected: result.searched, allowed: result.freely }, result, false)
          : judgeCell(baseline.cells[name], result, strict && asked.target.server !== null),
      seconds: Math.round((clock.nanos() - began) / 1e6) / 1e3,
    };
    tried.push(cell);
    await request.finished(cell);
  }
  return tried;
}

function cellName(target: string, { workload, variantName, isolation }: GateCellRequest["search"]): string {
  return `${target} ${workload.name}:${variantName} ${isolation}`;
}
