import { availableParallelism } from "node:os";
import type { InferredOptionTypes, Options } from "yargs";

import type { AskedFlags, Shard } from "../campaign/compare/compare-asked.ts";
import { faultOptions } from "./fault-options.ts";
import type { GlobalFlags } from "./global-flags.ts";
import { runOptions } from "./run-options.ts";
import { UsageError } from "./usage-error.ts";
import { wholeNumber } from "./values.ts";

/** The flags of `isolab compare`. */
export const compareOptions = {
  ...runOptions,
  ...faultOptions,
  url: {
    type: "string",
    requiresArg: true,
    array: true,
    describe: "use a server of yours, postgres://… or mysql://…; may be given several times",
    group: "Database:",
  },
  workload: {
    type: "string",
    requiresArg: true,
    default: "register",
    describe: "one or more, by comma; all variants of a workload when none is named",
    group: "Run:",
  },
  isolation: {
    type: "string",
    requiresArg: true,
    describe: "one or more levels, by comma (default: all four)",
    group: "Run:",
  },
  db: {
    type: "string",
    requiresArg: true,
    describe: "throw-away servers, by comma: postgres (default), mysql, mariadb",
    conflicts: "url",
    group: "Database:",
  },
  jobs: {
    type: "string",
    requiresArg: true,
    describe: "cells to run at once (default: as many as the machine has cores, one per server at least)",
    group: "Matrix:",
  },
  shard: {
    type: "string",
    requiresArg: true,
    describe: "run part I of N only, I/N; isolab merge joins the parts (needs --seed)",
    group: "Matrix:",
  },
  resume: {
    type: "string",
    requiresArg: true,
    describe: "go on with the interrupted comparison in this directory",
    group: "Matrix:",
  },
  hermitage: {
    type: "boolean",
    default: false,
    describe: "the classic table of which level prevents what, by fixed schedules instead of workloads",
    group: "Matrix:",
  },
  markdown: {
    type: "string",
    requiresArg: true,
    describe: "write the result as Markdown into this file, too",
    group: "Output:",
  },
} as const satisfies Record<string, Options>;

export type CompareFlags = GlobalFlags & InferredOptionTypes<typeof compareOptions>;

/** The flags that decide the cells and how they run: what a comparison remembers. The seed and the servers stand apart. */
const remembered = [
  "workload",
  "isolation",
  "durable",
  "set",
  "sessions",
  "ops",
  "time-limit",
  "rate",
  "think",
  "param",
  "model",
  "nemesis",
  "nemesis-interval",
  "nemesis-duration",
  "allow-disruptive",
] as const satisfies readonly (keyof CompareFlags)[];

/** Those of the remembered flags that have a value. */
export function askedFlags(flags: CompareFlags): AskedFlags {
  return Object.fromEntries(
    remembered.flatMap((name) => {
      const value = flags[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/**
 * The flags of a comparison that goes on: what was asked then, in place of today's defaults.
 * @throws UsageError when they are not flags of this isolab
 */
export function resumedFlags(flags: CompareFlags, saved: AskedFlags): CompareFlags {
  const names: readonly string[] = remembered;
  for (const [name, value] of Object.entries(saved)) {
    if (!names.includes(name) || shapeOf(name) !== shapeOfValue(value))
      throw new UsageError(`what is to be resumed was asked with a --${name} that this isolab does not know`);
  }
  const forgotten = Object.fromEntries(remembered.map((name) => [name, undefined]));
  return { ...flags, ...forgotten, ...saved } as CompareFlags;
}

function shapeOf(name: string): string {
  const option: Options | undefined = compareOptions[name as keyof typeof compareOptions];
  return option?.array === true ? "list" : (option?.type ?? "string");
}

function shapeOfValue(value: AskedFlags[string]): string {
  return typeof value === "object" ? "list" : typeof value;
}

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
