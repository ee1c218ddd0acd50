import type { InferredOptionTypes, Options } from "yargs";

import type { Interleaving } from "../runner/run-config.ts";
import { UsageError } from "./usage-error.ts";
import { fraction, list, wholeNumber } from "./values.ts";

/** Flags about whose turn it is, of every command that executes schedules. */
export const interleavingOptions = {
  strategy: {
    type: "string",
    requiresArg: true,
    default: "random",
    describe: "who goes next: random, pct, exhaustive; see isolab list strategies",
    group: "Schedule:",
  },
  depth: {
    type: "string",
    requiresArg: true,
    default: "3",
    describe: "pct: how many steps must be in order for the bug to show",
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
    default: "0",
    describe: "random: how likely two sessions are let go at once, for races inside statements",
    group: "Schedule:",
  },
  "fault-rate": {
    type: "string",
    requiresArg: true,
    default: "0.05",
    describe: "how likely a step is a fault of --nemesis",
    group: "Schedule:",
  },
} as const satisfies Record<string, Options>;

type InterleavingFlags = InferredOptionTypes<typeof interleavingOptions> & { nemesis?: string | undefined };

/** What the flags say about the order of statements, checked. @throws UsageError */
export async function interleavingOf(flags: InterleavingFlags): Promise<Interleaving> {
  const { strategies } = await import("../scheduler/strategies.ts");
  const known = strategies.filter(({ create }) => create !== undefined).map(({ name }) => name);
  if (!known.includes(flags.strategy))
    throw new UsageError(`there is no strategy "${flags.strategy}"; isolab has ${known.join(", ")}`);
  return {
    strategy: flags.strategy,
    depth: wholeNumber("--depth", flags.depth, 1, 20),
    overlaps: fraction("--overlaps", flags.overlaps),
    preemptions:
      flags.preemptions === undefined ? undefined : wholeNumber("--preemptions", flags.preemptions, 0, 1_000),
    prune: !flags["no-prune"],
    faults: await stepFaultsOf(flags.nemesis),
    faultRate: fraction("--fault-rate", flags["fault-rate"]),
  };
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
