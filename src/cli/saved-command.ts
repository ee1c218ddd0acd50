import { existsSync } from "node:fs";
import { join } from "node:path";

import { runFiles, writeRunFile } from "../runner/run-directory.ts";

/**
 * Leaves the arguments that make a run again from its seed beside its history, as `command.json`. They are no text for a
 * shell: whoever shows them quotes them. Where there is no history nothing is left, and a file that cannot be
 * written is told on stderr and changes nothing else.
 */
export function saveCommand(directory: string, args: readonly string[]): void {
  if (!existsSync(join(directory, runFiles.history))) return;
  try {
    writeRunFile(directory, runFiles.command, `${JSON.stringify({ isolab: 1, arguments: args }, null, 2)}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`isolab: ${why}\n`);
  }
}
