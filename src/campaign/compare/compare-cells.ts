import { join } from "node:path";

import type { RunConfig } from "../../runner/run-config.ts";
import type { Tally } from "../../runner/run-context.ts";
import { runOnce, type RunRequest } from "../run-once.ts";
import type { Target } from "../target.ts";
import { type Cell, cellOf, type CellName } from "./cell.ts";
import { writeCell } from "./saved-cells.ts";

/** One cell to be run: a variant at a level on a server. */
export interface CellRequest extends CellName {
  readonly target: Pick<Target, "url" | "server">;
  readonly config: RunConfig;
}

/** What every cell shares. */
export interface CompareRequest extends Pick<RunRequest, "clock" | "stop" | "warn" | "settings" | "model"> {
  readonly cells: readonly CellRequest[];
  readonly directory: string;
  /** How many cells may run at once, on all servers together. */
  readonly jobs: number;
  /** How many of them may run on one server. */
  readonly mostPerServer: number;
  readonly progress: (cell: CellRequest, tally: Tally) => void;
  readonly finished: (cell: Cell) => void;
  /** Execute and judge one cell; what `isolab run` does unless given. */
  readonly run?: typeof runOnce;
}

/**
 * Runs the cells, several at once, and sets each finding beside what its variant declares. Each finished cell
 * leaves `cell.json` in its run directory. No further cell is begun when `stop` is aborted; an interrupted one
 * is not reported.
 *
 * @returns the finished cells in the order of the request, whichever finished first
 * @throws EnvironmentError, RecorderError, WorkloadError of the first cell that could not be run, when the others
 * have stopped
 */
export async function compareCells(request: CompareRequest): Promise<readonly Cell[]> {
  const { run = runOnce, jobs, mostPerServer } = request;
  const failure = new AbortController();
  const stop = AbortSignal.any([request.stop, failure.signal]);
  const errors: unknown[] = [];
  const cells = new Map<CellRequest, Cell>();
  const queue = new CellQueue(request.cells, mostPerServer);
  const execute = async (asked: CellRequest): Promise<void> => {
    try {
      const outcome = await run({
        ...request,
        stop,
        config: asked.config,
        target: asked.target,
        directory: join(request.directory, asked.name),
        progress: (tally) => {
          request.progress(asked, tally);
        },
      });
      if (outcome.interrupted) return;
      const cell = cellOf(asked, asked.config, outcome);
      writeCell(cell);
      cells.set(asked, cell);
      request.finished(cell);
    } catch (error) {
      errors.push(error);
      failure.abort();
    } finally {
      queue.release(asked);
    }
  };
  const running = new Set<Promise<void>>();
  for (;;) {
    while (running.size < jobs && !stop.aborted) {
      const asked = queue.take();
      if (asked === undefined) break;
      const work: Promise<void> = execute(asked).finally(() => running.delete(work));
      running.add(work);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (errors.length > 0) throw errors[0];
  return request.cells.flatMap((asked) => cells.get(asked) ?? []);
}

/** Cells that wait for their turn: the servers share the work, and each has its limit. */
class CellQueue {
  readonly #open: CellRequest[];
  readonly #most: number;
  readonly #running = new Map<number, number>();

  constructor(cells: readonly CellRequest[], mostPerServer: number) {
    this.#open = [...cells];
    this.#most = mostPerServer;
  }

  /** The first cell of the server that has least to do; undefined when there is none that may begin now. */
  take(): CellRequest | undefined {
    let best: CellRequest | undefined;
    for (const cell of this.#open) {
      const load = this.#load(cell);
      if (load < this.#most && (best === undefined || load < this.#load(best))) best = cell;
    }
    if (best === undefined) return undefined;
    this.#open.splice(this.#open.indexOf(best), 1);
    this.#running.set(best.server, this.#load(best) + 1);
    return best;
  }

  release(cell: CellRequest): void {
    this.#running.set(cell.server, this.#load(cell) - 1);
  }

  #load({ server }: CellRequest): number {
    return this.#running.get(server) ?? 0;
  }
}
