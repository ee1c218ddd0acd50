import { basename, extname, join } from "node:path";

import type { Verdict } from "../checkers/verdict.ts";
import { EnvironmentError } from "../clients/database-error.ts";

/** Where the witnesses of one of several files go: the directory itself, or a folder in it for each file. */
export function witnessDirectory(root: string, files: readonly string[], file: string): string {
  if (files.length === 1) return root;
  const name = file === "-" ? "stdin" : basename(file, extname(file));
  return join(root, `${files.indexOf(file) + 1}-${name}`);
}

/**
 * Writes a verdict's witnesses as Markdown, DOT and SVG, and says on stderr what was not drawn, and why.
 * @throws EnvironmentError when a file cannot be written.
 */
export async function saveWitnesses(directory: string, verdict: Verdict, quiet: boolean): Promise<void> {
  const { realClock } = await import("../clock/real-clock.ts");
  const { svgRenderer } = await import("../report/witness/svg-renderer.ts");
  const { writeWitnesses } = await import("../report/witness/write-witnesses.ts");
  const renderer = svgRenderer(realClock());
  try {
    const written = await writeWitnesses(directory, verdict, renderer);
    if (quiet) return;
    for (const { files, reason } of written)
      if (reason !== undefined)
        process.stderr.write(
          `isolab: ${files.join(", ")}: no SVG, for ${reason}; the .dot file holds the graph\n`,
        );
    const count = written.length === 1 ? "1 witness" : `${written.length} witnesses`;
    const done =
      written.length === 0
        ? "nothing was found, so there is no witness to write"
        : `wrote ${count} to ${directory}`;
    process.stderr.write(`isolab: ${done}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(`the witnesses cannot be written to ${directory}: ${why}`, { cause: error });
  } finally {
    await renderer.close();
  }
}
