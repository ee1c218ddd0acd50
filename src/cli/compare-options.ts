import type { InferredOptionTypes, Options } from "yargs";

import type { AskedFlags } from "../campaign/compare/compare-asked.ts";
import { faultOptions } from "./fault-options.ts";
import type { GlobalFlags } from "./global-flags.ts";
import { reportOption } from "./report-option.ts";
import { runOptions } from "./run-options.ts";
import { UsageError } from "./usage-error.ts";

/** The flags of `isolab compare`. */
export const compareOptions = {
  ...runOptions,
  ...faultOptions,
  "no-report": {
    ...reportOption["no-report"],
    describe: "write no report.html into the directories of the cells",
  },
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
  return { ...flags, ...forgotten, ...saved };
}

function shapeOf(name: string): string {
  const option = Object.entries<Options>(compareOptions).find(([known]) => known === name)?.[1];
  return option?.array === true ? "list" : (option?.type ?? "string");
}

function shapeOfValue(value: AskedFlags[string]): string {
  return typeof value === "object" ? "list" : typeof value;
}
