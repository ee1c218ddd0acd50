import type { InferredOptionTypes, Options } from "yargs";

import type { RunConfig } from "../runner/run-config.ts";
import { givenParameters, paceOf, type RunFlags } from "./run-options.ts";
import { UsageError } from "./usage-error.ts";
import { isolationLevel } from "./values.ts";

/** Flags of commands that run one workload against one database. */
export const oneRunOptions = {
  workload: {
    type: "string",
    requiresArg: true,
    default: "register",
    describe: "NAME[:VARIANT] or ./file.ts[:VARIANT]",
    group: "Run:",
  },
  isolation: {
    type: "string",
    requiresArg: true,
    default: "read-committed",
    describe: "the isolation level",
    group: "Run:",
  },
  db: {
    type: "string",
    requiresArg: true,
    describe: "a throw-away server: postgres (default), mysql, mariadb",
    conflicts: "url",
    group: "Database:",
  },
} as const satisfies Record<string, Options>;

/**
 * The run that the flags ask for, without faults.
 * @throws UsageError, WorkloadError with one sentence
 */
export async function configOf(
  flags: RunFlags & InferredOptionTypes<typeof oneRunOptions>,
  defaultOperations: number,
): Promise<RunConfig> {
  const { loadWorkload } = await import("./load-workload.ts");
  const { parametersFor } = await import("../workload/parameters.ts");
  const { freshSeed } = await import("../random/entropy.ts");
  const [chosen] = await loadWorkload(flags.workload);
  if (chosen === undefined) throw new UsageError(`${flags.workload} has no variants`);
  const isolation = isolationLevel(flags.isolation);
  const { levels } = chosen.variant;
  if (levels !== undefined && !levels.includes(isolation)) {
    throw new UsageError(
      `${chosen.workload.name}:${chosen.variantName} makes sense only at ${levels.join(", ")}: add --isolation ${levels[0] ?? ""}`,
    );
  }
  return {
    ...chosen,
    ...paceOf(flags, defaultOperations),
    faults: undefined,
    isolation,
    seed: flags.seed ?? freshSeed(),
    parameters: parametersFor(chosen.workload, givenParameters(flags)),
  };
}
