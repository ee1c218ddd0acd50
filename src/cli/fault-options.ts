import type { InferredOptionTypes, Options } from "yargs";

import type { TargetRequest } from "../campaign/target.ts";
import type { Nemesis } from "../nemesis/nemesis.ts";
import type { FaultPlan } from "../runner/fault-plan.ts";
import { UsageError } from "./usage-error.ts";
import { durationMs, list } from "./values.ts";

/** Flags about faults on a timeline, of commands that execute free-running. */
export const faultOptions = {
  nemesis: {
    type: "string",
    requiresArg: true,
    describe: "faults to inject, by comma, a+b for two at once; see isolab list nemeses",
    group: "Faults:",
  },
  "nemesis-interval": {
    type: "string",
    requiresArg: true,
    describe: "mean time from the end of a fault to the next one (default: 500ms)",
    group: "Faults:",
  },
  "nemesis-duration": {
    type: "string",
    requiresArg: true,
    describe: "mean time that a lasting fault goes on (default: half the interval)",
    group: "Faults:",
  },
  "allow-disruptive": {
    type: "boolean",
    default: false,
    describe: "with --url: also faults that others on that server would feel",
    group: "Faults:",
  },
} as const satisfies Record<string, Options>;

const defaultInterval = "500ms";

export type FaultFlags = InferredOptionTypes<typeof faultOptions>;

/**
 * The faults that were asked for.
 *
 * @param requests the servers that they are to be injected into
 * @throws UsageError when there is no such fault, or one of the servers cannot have it
 */
export async function faultsOf(
  flags: FaultFlags,
  requests: readonly TargetRequest[],
): Promise<FaultPlan | undefined> {
  if (flags.nemesis === undefined) {
    for (const name of ["nemesis-interval", "nemesis-duration", "allow-disruptive"] as const)
      if (flags[name] !== undefined && flags[name] !== false)
        throw new UsageError(`--${name} is about faults: name them with --nemesis`);
    return undefined;
  }
  const { compose } = await import("../nemesis/compose.ts");
  const { nemeses } = await import("../nemesis/catalogue.ts");
  const named = (name: string): Nemesis => {
    const nemesis = nemeses.find((known) => known.name === name);
    if (nemesis !== undefined) return nemesis;
    throw new UsageError(
      `there is no nemesis "${name}"; isolab has ${nemeses.map((known) => known.name).join(", ")}`,
    );
  };
  const chosen = list("--nemesis", flags.nemesis).map((names) => {
    const [first, ...others] = names.split("+").map((name) => named(name.trim()));
    if (first === undefined) throw new UsageError("--nemesis names nothing");
    return others.length === 0 ? first : compose(first, ...others);
  });
  for (const nemesis of chosen)
    for (const request of requests) refuseImpossible(nemesis, request, flags["allow-disruptive"]);
  const intervalMs = durationMs("--nemesis-interval", flags["nemesis-interval"] ?? defaultInterval);
  const duration = flags["nemesis-duration"];
  return {
    nemeses: chosen,
    intervalMs,
    durationMs: duration === undefined ? intervalMs / 2 : durationMs("--nemesis-duration", duration),
  };
}

function refuseImpossible(
  { name, needs, databases }: Nemesis,
  request: TargetRequest,
  allowDisruptive: boolean,
): void {
  if (databases.length === 0)
    throw new UsageError(`--nemesis ${name}: there is no database that knows all of these faults`);
  if ("url" in request) {
    if (needs.includes("own-server"))
      throw new UsageError(
        `--nemesis ${name} stops or kills the server, which isolab does to its own only: leave --url out`,
      );
    if (needs.includes("disruptive") && !allowDisruptive)
      throw new UsageError(
        `--nemesis ${name} harms others on the same server: add --allow-disruptive if that may be, or leave --url out`,
      );
  }
  const kind = kindOf(request);
  if (kind !== undefined && !databases.includes(kind))
    throw new UsageError(`--nemesis ${name} is a fault of ${databases.join(" and ")}, and this is ${kind}`);
}

/** As far as it is known before the server is there: what is asked for as mysql may turn out to be a MariaDB. */
function kindOf(request: TargetRequest): "postgres" | "mariadb" | undefined {
  if ("url" in request) return request.url.startsWith("postgres") ? "postgres" : undefined;
  return request.db === "mysql" ? undefined : request.db;
}
