import type { Target, TargetRequest } from "../campaign/target.ts";
import type { Clock } from "../clock/clock.ts";
import { progressLine, type ProgressLine } from "./progress.ts";

/** What a command that executes something works with. */
export interface Job {
  /** One for each server that was asked for, in that order. */
  readonly targets: readonly [Target, ...Target[]];
  readonly clock: Clock;
  /** Aborted by the first Ctrl-C. */
  readonly stop: AbortSignal;
  /** The directory that the command fills; removed in the end when it left nothing in it. */
  readonly directory: string;
  readonly line: ProgressLine;
  /** Tells on stderr what stops nobody. */
  readonly warn: (sentence: string) => void;
}

/** Where a job's files go and how much is told meanwhile. */
interface JobOptions {
  readonly out: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  /** What the progress line says until the servers are there. */
  readonly title: string;
  /** Whether `latest` is to lead to the directory, if the user did not name one. */
  readonly linked: boolean;
  /** A directory that is there already and goes on being filled; a new one is made when undefined. */
  readonly existing?: string | undefined;
}

/**
 * The frame of every command that executes runs: makes the directory, has the servers, works, and lets go of
 * them whatever happens.
 *
 * @param requests at least one
 * @throws UsageError, EnvironmentError with one sentence; and whatever `work` throws
 */
export async function onServers<T>(
  requests: readonly TargetRequest[],
  { out, json, quiet, title, linked, existing }: JobOptions,
  work: (job: Job) => Promise<T>,
): Promise<T> {
  const { realClock } = await import("../clock/real-clock.ts");
  const { linkLatest, removeIfEmpty } = await import("../runner/run-directory.ts");
  const { newRunDirectory } = await import("./new-run-directory.ts");
  const { withTargets } = await import("./with-targets.ts");
  const clock = realClock();
  const directory = existing ?? newRunDirectory(out, clock.date());
  const line = progressLine(() => clock.nanos(), !quiet && !json);
  line.show(`starting the server for ${title}`);
  let result: T;
  try {
    result = await withTargets(requests, clock, ([first, ...others], stop) => {
      if (first === undefined) throw new Error("a server was asked for and none was acquired");
      return work({ targets: [first, ...others], clock, stop, directory, line, warn });
    });
  } finally {
    line.clear();
    removeIfEmpty(directory);
  }
  if (linked && out === undefined) linkLatest(directory);
  return result;
}

function warn(sentence: string): void {
  process.stderr.write(`isolab: ${sentence}\n`);
}
