import type { Clock } from "../../clock/clock.ts";
import { EnvironmentError } from "../database-error.ts";
import { launch, type Command } from "./launched.ts";
import { createServerLog, rootComplaint } from "./server-log.ts";
import { late, within } from "./within.ts";

const toolMs = 180_000;

/**
 * Runs a program to its end and answers the lines it printed.
 * @param purpose what it is run for, completing "… could not be …", e.g. `PostgreSQL's data directory`
 * @throws EnvironmentError with its last complaint when it fails or takes more than three minutes
 */
export async function runTool(command: Command, purpose: string, clock: Clock): Promise<readonly string[]> {
  const log = createServerLog();
  const launched = launch(command, log, clock);
  const exit = await within(launched.exit, toolMs, clock);
  if (exit === late) launched.signal("SIGKILL");
  else if (exit.clean) return log.lines;
  const why = exit === late ? `no end after ${toolMs / 1000} s` : (rootComplaint(log.lines) ?? exit.how);
  throw new EnvironmentError(
    `${purpose} could not be made (${why}): mend that, or name a server of yours with --url.`,
  );
}
