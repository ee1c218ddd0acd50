import type { ArgumentsCamelCase } from "yargs";

import type { ExitCode } from "./exit-codes.ts";
import { reportError } from "./report-error.ts";

/** Flags of every command. */
export interface GlobalFlags {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
}

/**
 * A command's handler from a function that answers with an exit code: whatever it throws becomes
 * one sentence on stderr.
 */
export function settle<F extends GlobalFlags>(
  command: (flags: ArgumentsCamelCase<F>) => Promise<ExitCode>,
): (flags: ArgumentsCamelCase<F>) => Promise<void> {
  return async (flags) => {
    try {
      process.exitCode = await command(flags);
    } catch (error) {
      process.exitCode = reportError(error, flags.verbose);
    }
  };
}
