import type { InferredOptionTypes, Options } from "yargs";

import type { TargetRequest } from "../campaign/target.ts";
import { assignment, durationMs, list, positiveNumber, wholeNumber } from "./values.ts";
import { UsageError } from "./usage-error.ts";

/** Flags that every command which executes runs understands. */
export const runOptions = {
  url: {
    type: "string",
    requiresArg: true,
    describe: "use a server of yours: postgres://… or mysql://…",
    group: "Database:",
  },
  durable: {
    type: "boolean",
    default: false,
    describe: "let the throw-away server survive a power cut",
    group: "Database:",
  },
  set: {
    type: "string",
    requiresArg: true,
    array: true,
    default: [],
    describe: "set a server variable, NAME=VALUE",
    group: "Database:",
  },
  seed: {
    type: "string",
    requiresArg: true,
    describe: "what decides the plan; drawn and printed when left out",
    group: "Run:",
  },
  sessions: {
    type: "string",
    requiresArg: true,
    default: "5",
    describe: "concurrent sessions",
    group: "Run:",
  },
  ops: { type: "string", requiresArg: true, describe: "planned operations", group: "Run:" },
  "time-limit": {
    type: "string",
    requiresArg: true,
    describe: "start no operation later than this: 30s, 5m",
    group: "Run:",
  },
  rate: {
    type: "string",
    requiresArg: true,
    describe: "planned operations per second, all sessions together",
    group: "Run:",
  },
  think: {
    type: "string",
    requiresArg: true,
    default: "2ms",
    describe: "the longest pause inside a transaction",
    group: "Run:",
  },
  param: {
    type: "string",
    requiresArg: true,
    array: true,
    default: [],
    describe: "set a workload parameter, NAME=VALUE",
    group: "Run:",
  },
  model: {
    type: "string",
    requiresArg: true,
    describe: "judge the database against this model, not what its level promises",
    group: "Run:",
  },
  out: {
    type: "string",
    requiresArg: true,
    describe: "the run directory to make (default: runs/<stamp>)",
    group: "Output:",
  },
} as const satisfies Record<string, Options>;

export type RunFlags = InferredOptionTypes<typeof runOptions>;

/** What the flags say about how long and how hard to run, checked. */
export interface Pace {
  readonly sessions: number;
  readonly operations: number;
  readonly rate: number | undefined;
  readonly timeLimitMs: number | undefined;
  readonly thinkMs: number;
}

/** More operations than any laptop's server completes in a second: a time limit alone never runs dry. */
const operationsPerSecond = 5_000;
const mostOperations = 1_000_000;

/** @throws UsageError */
export function paceOf(flags: RunFlags, defaultOperations: number): Pace {
  const rate = flags.rate === undefined ? undefined : positiveNumber("--rate", flags.rate);
  const timeLimitMs =
    flags["time-limit"] === undefined ? undefined : durationMs("--time-limit", flags["time-limit"]);
  const wanted =
    timeLimitMs === undefined
      ? defaultOperations
      : Math.ceil(((rate ?? operationsPerSecond) * timeLimitMs) / 1_000);
  return {
    sessions: wholeNumber("--sessions", flags.sessions, 1, 90),
    operations:
      flags.ops === undefined
        ? Math.min(Math.max(wanted, 1), mostOperations)
        : wholeNumber("--ops", flags.ops, 1, mostOperations),
    rate,
    timeLimitMs,
    thinkMs: durationMs("--think", flags.think),
  };
}

/** Server variables by name. @throws UsageError */
export function settingsOf(flags: Pick<RunFlags, "set">): Readonly<Record<string, string>> {
  const settings = Object.fromEntries(flags.set.map((text) => assignment("--set", text)));
  if ("search_path" in settings)
    throw new UsageError("--set search_path is isolab's own: it names the run's schema");
  return settings;
}

/** Workload parameters as typed. @throws UsageError */
export function givenParameters(flags: RunFlags): readonly (readonly [string, string])[] {
  return flags.param.map((text) => assignment("--param", text));
}

const databases = ["postgres", "mysql", "mariadb"] as const;

/** Flags that say which server. */
type ServerFlags = Pick<RunFlags, "url" | "durable" | "set"> & { readonly db: string | undefined };

/**
 * A throw-away server of this kind.
 * @param settings server variables to start it with, by name
 * @throws UsageError
 */
export function throwAway(
  name: string,
  { durable }: Pick<RunFlags, "durable">,
  settings: Readonly<Record<string, string>> = {},
): TargetRequest {
  const db = databases.find((known) => known === name);
  if (db === undefined) throw new UsageError(`--db must be one of ${databases.join(", ")}, got "${name}"`);
  return { db, durable, settings };
}

/** The server to use: the user's own if there is a URL, else a throw-away one. @throws UsageError */
export function serverOf(flags: ServerFlags): TargetRequest {
  return flags.url === undefined
    ? throwAway(flags.db ?? "postgres", flags, settingsOf(flags))
    : usersOwn(flags.url);
}

/** The same where several may be named, by comma. @throws UsageError */
export function serversOf(flags: ServerFlags): readonly TargetRequest[] {
  return flags.url === undefined
    ? list("--db", flags.db ?? "postgres").map((name) => throwAway(name, flags, settingsOf(flags)))
    : [usersOwn(flags.url)];
}

/** A server of the user's. @throws UsageError when it is no URL of a database we speak to */
export function usersOwn(url: string): TargetRequest {
  if (/^(postgres|postgresql|mysql|mariadb):\/\/./.test(url) && URL.canParse(url)) return { url };
  throw new UsageError("--url must look like postgres://user:password@host:port/database or mysql://…");
}

/** The model to judge by, if the user named one. @throws UsageError when there is no such model */
export async function modelOf(flags: RunFlags): Promise<string | undefined> {
  const { isModel } = await import("../checkers/models/names.ts");
  if (flags.model === undefined || isModel(flags.model)) return flags.model;
  throw new UsageError(`there is no consistency model "${flags.model}"; see isolab list models`);
}
