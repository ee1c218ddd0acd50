import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** The runs of a soak that stay on the disk, within a bound on their size together. */
export interface KeptRuns {
  /** Keeps a run's directory. Where that is too much, older ones that did not fail go, then this one if it did not. */
  keep(directory: string, failed: boolean): void;
  /** How many there are now. */
  readonly count: number;
  readonly bytes: number;
}

interface Kept {
  readonly directory: string;
  readonly failed: boolean;
  readonly bytes: number;
}

/** @param mostBytes what failed is kept beyond it, up to twice as much */
export function keptRuns(mostBytes: number): KeptRuns {
  let runs: readonly Kept[] = [];
  const total = (): number => runs.reduce((sum, { bytes }) => sum + bytes, 0);
  const drop = (run: Kept): void => {
    rmSync(run.directory, { recursive: true, force: true });
    runs = runs.filter((other) => other !== run);
  };
  return {
    keep: (directory, failed) => {
      runs = [...runs, { directory, failed, bytes: sizeOf(directory) }];
      for (const run of runs) if (!run.failed && total() > mostBytes) drop(run);
      for (const run of runs.slice(0, -1)) if (total() > 2 * mostBytes) drop(run);
    },
    get count() {
      return runs.length;
    },
    get bytes() {
      return total();
    },
  };
}

/** Of all files in a directory, links not followed. */
function sizeOf(directory: string): number {
  return readdirSync(directory, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(directory, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(path) : lstatSync(path).size);
  }, 0);
}
