import type { InferredOptionTypes, Options } from "yargs";

import type { Interleaving } from "../runner/run-config.ts";
import { UsageError } from "./usage-error.ts";
import { fraction, list, wholeNumber } from "./values.ts";

/** Flags about whose turn it is, of every command that executes schedules. */
export const interleavingOptions = {
  strategy: {
    type: "string",
    requiresArg: true,
    describe: "who goes next: random (default), pct, exhaustive; see isolab list strategies",
    group: "Schedule:",
  },
  depth: {
    type: "string",
    requiresArg: true,
    describe: "pct: how many steps must be in order for the bug to show (default: 3)",
    group: "Schedule:",
  },
  preemptions: {
    type: "string",
    requiresArg: true,
    describe: "exhaustive: leave a session in the midst of its work at most so often",
    group: "Schedule:",
  },
  "no-prune": {
    type: "boolean",
    default: false,
    describe: "exhaustive: execute also what is equivalent to an executed schedule",
    group: "Schedule:",
  },
  overlaps: {
    type: "string",
    requiresArg: true,
    describe: "random: how likely two sessions are let go at once, for races inside statements",
    group: "Schedule:",
  },
  "fault-rate": {
    type: "string",
    requiresArg: true,
    describe: "how likely a step is a fault of --nemesis (default: 0.05)",
    group: "Schedule:",
  },
} as const satisfies Record<string, Options>;

export type InterleavingFlags = InferredOptionTypes<typeof interleavingOptions> & {
  nemesis?: string | undefined;
};

/** The strategy that each of these is about. */
const onlyFor = {
  depth: "pct",
  overlaps: "random",
  preemptions: "exhaustive",
  "no-prune": "exhaustive",
} as const;

/** What the flags say about the order of statements, checked. @throws UsageError */
export async function interleavingOf(flags: InterleavingFlags): Promise<Interleaving> {
  const { strategies } = await import("../scheduler/strategies.ts");
  const known = strategies.filter(({ create }) => create !== undefined).map(({ name }) => name);
  const { strategy = "random" } = flags;
  if (!known.includes(strategy))
    throw new UsageError(`there is no strategy "${strategy}"; isolab has ${known.join(", ")}`);
  refuseMeaningless(flags, strategy);
  return {
    strategy,
    depth: wholeNumber("--depth", flags.depth ?? "3", 1, 20),
    overlaps: fraction("--overlaps", flags.overlaps ?? "0"),
    preemptions:
      flags.preemptions === undefined ? undefined : wholeNumber("--preemptions", flags.preemptions, 0, 1_000),
    prune: !flags["no-prune"],
    faults: await stepFaultsOf(flags.nemesis),
    faultRate: faultRateOf(flags["fault-rate"] ?? "0.05"),
  };
}

/** The flags of these that were given, for a command that executes no schedules. */
export function givenInterleaving(flags: InterleavingFlags): readonly string[] {
  return Object.keys(interleavingOptions).filter((name) => isGiven(flags, name));
}

/** Without them the same would be executed: whoever gives them expects something else. */
function refuseMeaningless(flags: InterleavingFlags, strategy: string): void {
  for (const [name, meant] of Object.entries(onlyFor))
    if (meant !== strategy && isGiven(flags, name))
      throw new UsageError(`--${name} is about --strategy ${meant}, and this is ${strategy}`);
  if (flags.nemesis === undefined) {
    if (flags["fault-rate"] !== undefined)
      throw new UsageError("--fault-rate is about faults: name them with --nemesis");
  } else if (strategy === "exhaustive")
    throw new UsageError(
      "faults come by chance, so there is no end to all schedules with them: use --nemesis with --strategy random or pct",
    );
}

function isGiven(flags: InterleavingFlags, name: string): boolean {
  const value = (flags as Record<string, unknown>)[name];
  return value !== undefined && value !== false;
}

/** Steps must be left for statements: with faults alone an execution would never end. */
const highestFaultRate = 0.9;

function faultRateOf(text: string): number {
  const rate = fraction("--fault-rate", text);
  if (rate <= highestFaultRate) return rate;
  throw new UsageError(
    `--fault-rate must leave room for statements: at most ${highestFaultRate}, got ${text}`,
  );
}

async function stepFaultsOf(names: string | undefined): Promise<readonly string[]> {
  if (names === undefined) return [];
  const { stepFaults } = await import("../scheduler/with-faults.ts");
  return list("--nemesis", names).map((name) => {
    if (stepFaults.some((known) => known.name === name)) return name;
    throw new UsageError(
      `there is no fault "${name}" that can be a step; isolab has ${stepFaults.map((known) => known.name).join(", ")}`,
    );
  });
}
