import { existsSync } from "node:fs";
import { join } from "node:path";

import type { Database } from "../clients/database.ts";
import { EnvironmentError } from "../clients/database-error.ts";
import { openDatabase } from "../clients/open-database.ts";
import { RecorderError } from "../history/recorder-error.ts";
import { freshToken } from "../random/entropy.ts";
import { runFiles } from "../runner/run-directory.ts";
import type { RunRequest } from "./run-once.ts";

/** Opens a namespace of a run's own, works in it, and drops it. @throws EnvironmentError */
export async function inDatabase<T>(
  request: Pick<RunRequest, "config" | "target" | "settings" | "clock" | "warn">,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { config, target, clock, settings } = request;
  let closing = false;
  const database = await openDatabase({
    url: target.url,
    run: freshToken(),
    settings,
    isolation: config.isolation,
    clock,
    onWarning: (sentence) => {
      // What is left on a server of our own goes away with it.
      if (!closing || target.server === null) request.warn(sentence);
    },
  });
  try {
    return await work(database);
  } finally {
    closing = true;
    await database.close();
  }
}

/** An environment that failed in the middle of a run has not taken away what was recorded: says where it is. */
export async function keepingTrack<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const history = join(directory, runFiles.history);
  try {
    return await work();
  } catch (error) {
    const environment = error instanceof EnvironmentError || error instanceof RecorderError;
    if (!environment || !existsSync(history)) throw error;
    throw new EnvironmentError(`${error.message} (what was recorded until then is in ${history})`, {
      cause: error,
    });
  }
}
