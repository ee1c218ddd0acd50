import type { Swarm, SwarmSpace } from "../campaign/soak/swarm.ts";
import type { TargetRequest } from "../campaign/target.ts";
import { isolationLevels } from "../history/header.ts";
import type { Need, Nemesis } from "../nemesis/nemesis.ts";
import { isolationLevel, list } from "./values.ts";

/** Flags by name, as the parser answers them. */
export type Drawn = Readonly<Record<string, string | readonly string[]>>;

/** What the user has fixed, as typed; by comma where several may be drawn from. */
export interface Fixed {
  readonly workload: string | undefined;
  readonly isolation: string | undefined;
  readonly mode: string | undefined;
  readonly nemesis: string | undefined;
}

/**
 * What may be drawn for a server.
 *
 * @param can which needs of faults can be met there
 * @throws UsageError for names that do not exist
 */
export async function swarmSpace(
  { workload, isolation, mode, nemesis }: Fixed,
  request: TargetRequest,
  can: (need: Need) => boolean,
): Promise<SwarmSpace> {
  const { builtInWorkloads, loadWorkload } = await import("./load-workload.ts");
  const { nemeses } = await import("../nemesis/catalogue.ts");
  const { stepFaults } = await import("../scheduler/with-faults.ts");
  const names = workload === undefined ? builtInWorkloads() : list("--workload", workload);
  const named = nemesis === undefined ? undefined : list("--nemesis", nemesis);
  const wanted = ({ name }: { readonly name: string }): boolean => named?.includes(name) ?? true;
  return {
    workloads: (await Promise.all(names.map(loadWorkload))).flat(),
    levels: isolation === undefined ? isolationLevels : list("--isolation", isolation).map(isolationLevel),
    modes: mode === undefined ? ["stress", "stress", "stress", "interleaved"] : [modeNamed(mode)],
    nemeses: nemeses
      .filter((known) => wanted(known) && known.needs.every(can) && isKnownTo(request, known))
      .map(({ name }) => name),
    steps: stepFaults.filter(wanted).map(({ name }) => name),
  };
}

/** What is asked for as mysql may be a MariaDB: only faults that all of them know. */
function isKnownTo(request: TargetRequest, { databases }: Nemesis): boolean {
  const [dialect = ""] = "url" in request ? request.url.split(":") : [request.db];
  switch (dialect) {
    case "postgres":
    case "postgresql":
      return databases.includes("postgres");
    case "mariadb":
      return databases.includes("mariadb");
    default:
      return databases.includes("mysql") && databases.includes("mariadb");
  }
}

function modeNamed(mode: string): "stress" | "interleaved" {
  return mode === "interleaved" ? mode : "stress";
}

/** Under some faults operations take seconds each. */
const timeLimit = "10s";

/** A drawn configuration as flags of `isolab run`. */
export function flagsOf(swarm: Swarm): Drawn {
  const { mode, nemeses, parameters } = swarm;
  const faults = nemeses.length === 0 ? {} : { nemesis: nemeses.join(",") };
  const common = {
    workload: swarm.workload,
    isolation: swarm.isolation,
    sessions: `${swarm.sessions}`,
    ops: `${swarm.operations}`,
    ...(parameters.length === 0 ? {} : { param: parameters.map(([name, value]) => `${name}=${value}`) }),
    ...faults,
  };
  if (mode === "interleaved")
    return {
      ...common,
      mode,
      strategy: swarm.strategy,
      ...(nemeses.length === 0 ? {} : { "fault-rate": `${swarm.faultRate}` }),
    };
  const timeline = {
    "nemesis-interval": `${swarm.intervalMs}ms`,
    "nemesis-duration": `${swarm.durationMs}ms`,
  };
  return {
    ...common,
    think: `${swarm.thinkMs}ms`,
    "time-limit": timeLimit,
    ...(nemeses.length === 0 ? {} : timeline),
  };
}

/** The same as they are typed. */
export function argumentsOf(drawn: Drawn): readonly string[] {
  return Object.entries(drawn).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).flatMap((one) => [`--${name}`, one]),
  );
}

/** Names of the flags that were typed. @param args without node and script */
export function givenFlags(args: readonly string[]): ReadonlySet<string> {
  return new Set(
    args.flatMap((arg) => {
      const name = /^--([a-z-]+)/.exec(arg)?.[1];
      return name === undefined ? [] : [name];
    }),
  );
}

/** Without what was typed, which stays as it is. */
export function withoutGiven(drawn: Drawn, given: ReadonlySet<string>): Drawn {
  return Object.fromEntries(Object.entries(drawn).filter(([name]) => !given.has(name)));
}
