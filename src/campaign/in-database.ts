import { existsSync } from "node:fs";
import { join } from "node:path";

import type { Database } from "../clients/database.ts";
import { EnvironmentError } from "../clients/database-error.ts";
import { openDatabase, type OpenOptions } from "../clients/open-database.ts";
import { parseTarget } from "../clients/target.ts";
import { RecorderError } from "../history/recorder-error.ts";
import { openProxy } from "../nemesis/proxy/open-proxy.ts";
import type { Proxy } from "../nemesis/proxy/proxy.ts";
import { freshToken } from "../random/entropy.ts";
import { stream } from "../random/rng.ts";
import { runFiles } from "../runner/run-directory.ts";
import { strikesThroughProxy } from "../scheduler/with-faults.ts";
import type { RunRequest } from "./run-once.ts";

/** How long a client waits for an answer where faults would let it wait for ever. */
const answerTimeoutMs = 2_000;

/**
 * Opens a namespace of a run's own, works in it, and drops it. Sessions come through a proxy if a fault of the run
 * needs one, and give up waiting for answers if one needs that.
 *
 * @param stepFaults names of faults that may be steps of a schedule
 * @throws EnvironmentError
 */
export async function inDatabase<T>(
  request: Pick<RunRequest, "config" | "target" | "settings" | "clock" | "warn">,
  work: (database: Database, proxy: Proxy | null) => Promise<T>,
  stepFaults: readonly string[] = [],
): Promise<T> {
  const { config, clock } = request;
  const needs = (config.faults?.nemeses ?? []).flatMap((nemesis) => nemesis.needs);
  const answers = needs.includes("answer-timeout") ? { answerTimeoutMs } : {};
  if (!needs.includes("proxy") && !stepFaults.some(strikesThroughProxy))
    return inNamespace(request, answers, (database) => work(database, null));
  const target = parseTarget(request.target.url);
  const proxy = await openProxy(target, clock, stream(config.seed, "proxy"));
  try {
    return await inNamespace(request, { ...answers, through: proxy }, (database) => work(database, proxy));
  } finally {
    await proxy.close();
  }
}

async function inNamespace<T>(
  request: Parameters<typeof inDatabase>[0],
  sessions: Pick<OpenOptions, "through" | "answerTimeoutMs">,
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
    ...sessions,
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
