import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Options } from "yargs";

/** The flag of commands that leave a report in their run directory. */
export const reportOption = {
  "no-report": {
    type: "boolean",
    default: false,
    describe: "write no report.html into the run directory",
    group: "Output:",
  },
} as const satisfies Record<string, Options>;

/**
 * Writes the report of a run that has been judged, unless it is not wanted, and answers its path. A report that cannot
 * be made is told on stderr and changes nothing else: `isolab report` makes it at any time.
 */
export async function reportUnlessRefused(
  flags: { readonly "no-report": boolean },
  directory: string,
): Promise<string | undefined> {
  const { runFiles } = await import("../runner/run-directory.ts");
  // An exploration that was interrupted at once has executed nothing.
  if (flags["no-report"] || !existsSync(join(directory, runFiles.history))) return undefined;
  const { saveReport } = await import("./save-report.ts");
  try {
    return (await saveReport(directory)).report;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`isolab: the report was not written: ${why}\n`);
    return undefined;
  }
}
