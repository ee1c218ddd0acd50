import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A page that was written. */
export interface SavedReport {
  readonly report: string;
  readonly bytes: number;
}

/**
 * Writes the page of a run, `report.html` in its directory unless told otherwise.
 *
 * @throws UsageError, HistoryError and others as `readRun` does; EnvironmentError when it cannot be written
 */
export async function saveReport(directory: string, out?: string): Promise<SavedReport> {
  const { readRun } = await import("./read-run.ts");
  const { runPage } = await import("../report/run/run-page.ts");
  const { svgRenderer } = await import("../report/witness/svg-renderer.ts");
  const { realClock } = await import("../clock/real-clock.ts");
  const { runFiles, writeRunFile } = await import("../runner/run-directory.ts");
  const run = await readRun(directory);
  const renderer = svgRenderer(realClock());
  try {
    const page = await runPage(run, renderer);
    const report = out ?? join(directory, runFiles.report);
    writeRunFile(dirname(report), basename(report), page);
    return { report, bytes: statSync(report).size };
  } finally {
    await renderer.close();
  }
}
