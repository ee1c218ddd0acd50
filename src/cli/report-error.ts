import { CheckError } from "../checkers/check-error.ts";
import { EnvironmentError } from "../clients/database-error.ts";
import { HistoryError } from "../history/history-error.ts";
import { RecorderError } from "../history/recorder-error.ts";
import { WorkloadError } from "../workload/define-workload.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { UsageError } from "./usage-error.ts";

/**
 * One sentence on stderr for whatever went wrong, and the exit code it means. A stack trace only
 * when asked for.
 */
export function reportError(error: unknown, verbose: boolean): ExitCode {
  const code = codeOf(error);
  const sentence = error instanceof Error ? error.message : String(error);
  const prefix = code === exitCodes.internal ? "isolab: internal error: " : "isolab: ";
  process.stderr.write(`${prefix}${sentence}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${withCauses(error)}\n`);
  else if (code === exitCodes.internal) process.stderr.write("Run it again with --verbose to see where.\n");
  return code;
}

const malformedFiles: ReadonlySet<string> = new Set([
  "MalformedPlan",
  "MalformedReproduction",
  "ScheduleError",
  "BadToken",
  "CompareError",
]);

function codeOf(error: unknown): ExitCode {
  if (error instanceof EnvironmentError || error instanceof RecorderError) return exitCodes.environment;
  const usersDoing = [UsageError, HistoryError, WorkloadError, CheckError];
  if (usersDoing.some((kind) => error instanceof kind)) return exitCodes.usage;
  // Of readers that are loaded only where they are needed.
  if (error instanceof Error && malformedFiles.has(error.name)) return exitCodes.usage;
  return exitCodes.internal;
}

function withCauses(error: Error): string {
  const stack = error.stack ?? String(error);
  return error.cause instanceof Error ? `${stack}\ncaused by ${withCauses(error.cause)}` : stack;
}
