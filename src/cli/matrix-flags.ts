import { availableParallelism } from "node:os";

import type { Shard } from "../campaign/compare/compare-asked.ts";
import { compareOptions, type CompareFlags } from "./compare-options.ts";
import { UsageError } from "./usage-error.ts";
import { wholeNumber } from "./values.ts";

/**
 * Refuses flags that say nothing where they are given.
 *
 * @param args as they were given, without node and script
 * @param allowed names without dashes; those of every command are allowed anyway
 * @param why completes the sentence "leave out --flag: …"
 * @throws UsageError
 */
export function refuseOthers(args: readonly string[], allowed: readonly string[], why: string): void {
  const known = new Set([...allowed, "json", "quiet", "verbose"]);
  for (const arg of args) {
    const [, name] = /^--?([a-z][\w-]*)/i.exec(arg) ?? [];
    if (name !== undefined && name in compareOptions && !known.has(name))
      throw new UsageError(`leave out --${name}: ${why}`);
  }
}

/** `I/N` as a shard. @throws UsageError */
export function shardOf(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const [, index = "", of = ""] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index === "" || shard.index < 1 || shard.index > shard.of || shard.of > mostShards)
    throw new UsageError(
      `--shard must be I/N, part I of N, with I from 1 to N and N up to ${mostShards}, got "${text}"`,
    );
  return shard;
}

const mostShards = 10_000;

/** A server of ours lets in a hundred sessions; some are for looking after it. */
const sessionsPerServer = 94;

/** Sessions of a cell besides those of its processes: namespace, reads at rest, faults. */
const sessionsBeside = 4;

/**
 * How many cells run at once, and how many of them on one server. Faults that are not a session's own would hit
 * all cells on their server, so with faults it is one.
 * @throws UsageError
 */
export function jobsOf(
  flags: Pick<CompareFlags, "jobs" | "nemesis">,
  servers: number,
  sessions: number,
): { readonly jobs: number; readonly mostPerServer: number } {
  const jobs =
    flags.jobs === undefined
      ? Math.max(servers, availableParallelism())
      : wholeNumber("--jobs", flags.jobs, 1, mostJobs);
  const room = Math.floor(sessionsPerServer / (sessions + sessionsBeside));
  return { jobs, mostPerServer: flags.nemesis === undefined ? Math.max(1, room) : 1 };
}

const mostJobs = 256;
