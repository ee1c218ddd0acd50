import type { CellName } from "../campaign/compare/cell.ts";
import type { AskedServer, CompareAsked, Shard } from "../campaign/compare/compare-asked.ts";
import type { TargetRequest } from "../campaign/target.ts";
import { isolationLevels } from "../history/header.ts";
import type { RunConfig } from "../runner/run-config.ts";
import { askedFlags, type CompareFlags } from "./compare-options.ts";
import { faultsOf } from "./fault-options.ts";
import { fittedTo } from "./fitted-server.ts";
import type { ChosenWorkload } from "./load-workload.ts";
import {
  givenParameters,
  modelOf,
  paceOf,
  settingsOf,
  throwAway,
  usersOwn,
  type Pace,
} from "./run-options.ts";
import { UsageError } from "./usage-error.ts";
import { isolationLevel, list } from "./values.ts";

/** Per cell: enough that what must show does, few enough that a matrix takes seconds. */
const defaultOperations = 400;

/** A cell of the matrix, not yet on a server. */
export interface PlannedCell extends CellName {
  readonly config: RunConfig;
}

/** A comparison as it was asked for, checked. */
export interface ComparePlan {
  readonly asked: CompareAsked;
  /** One for each server, in the order of their numbers. */
  readonly requests: readonly TargetRequest[];
  /** All cells, those of other shards included, server by server and variant by variant. */
  readonly cells: readonly PlannedCell[];
  readonly model: string | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly pace: Pace;
}

/**
 * The matrix that the flags ask for.
 * @throws UsageError, WorkloadError with one sentence
 */
export async function comparePlan(
  flags: CompareFlags,
  shard: Shard | null,
  seed: string,
): Promise<ComparePlan> {
  const workloads = await chosenWorkloads(flags);
  const wanted =
    flags.isolation === undefined
      ? isolationLevels
      : new Set(list("--isolation", flags.isolation).map(isolationLevel));
  const requests = serversAsked(flags);
  const one = { ...flags, url: undefined };
  const model = await modelOf(one);
  const faults = await faultsOf(flags, requests);
  const { parametersFor } = await import("../workload/parameters.ts");
  const pace = paceOf(one, defaultOperations);
  const given = givenParameters(one);
  const configs = workloads.flatMap((chosen) => {
    const parameters = parametersFor(chosen.workload, given);
    return [...wanted]
      .filter((isolation) => chosen.variant.levels?.includes(isolation) ?? true)
      .map((isolation) => ({ ...chosen, ...pace, faults, isolation, seed, parameters }));
  });
  if (configs.length === 0)
    throw new UsageError(
      `none of these variants makes sense at ${[...wanted].join(" or ")}: choose another --isolation`,
    );
  const cells = requests.flatMap((request, number) => {
    const server = "db" in request ? request.db : "url";
    return configs.map(({ source, ...config }) => ({
      name: `${number + 1}-${server}-${config.workload.name}-${config.variantName}-${config.isolation}`,
      server: number + 1,
      source,
      config,
    }));
  });
  refuseNamesakes(cells);
  return {
    asked: {
      seed,
      servers: requests.map(written),
      flags: askedFlags(flags),
      cells: cells.map(({ name }) => name),
      shard,
      markdown: flags.markdown ?? null,
    },
    requests: await Promise.all(requests.map((request) => fittedTo(request, faults?.nemeses ?? []))),
    cells,
    model,
    settings: settingsOf(one),
    pace,
  };
}

/** The servers that are named. @throws UsageError */
export function serversAsked(
  flags: Pick<CompareFlags, "url" | "db" | "durable" | "set">,
): readonly TargetRequest[] {
  return flags.url === undefined
    ? list("--db", flags.db ?? "postgres").map((name) => throwAway(name, flags, settingsOf(flags)))
    : flags.url.map(usersOwn);
}

/** Each variant once, however often it is named. */
async function chosenWorkloads(flags: CompareFlags): Promise<readonly ChosenWorkload[]> {
  const { loadWorkload } = await import("./load-workload.ts");
  const all = (await Promise.all(list("--workload", flags.workload).map(loadWorkload))).flat();
  return [...new Map(all.map((chosen) => [`${chosen.source}:${chosen.variantName}`, chosen])).values()];
}

/** The names of cells are directories. */
function refuseNamesakes(cells: readonly PlannedCell[]): void {
  const sources = new Map<string, string>();
  for (const { name, source, config } of cells) {
    const other = sources.get(name);
    if (other !== undefined)
      throw new UsageError(
        `${other} and ${source} are both called ${config.workload.name}: compare them one by one`,
      );
    sources.set(name, source);
  }
}

function written(request: TargetRequest): AskedServer {
  if ("db" in request) return { db: request.db };
  return { url: request.url.startsWith("postgres") ? "postgres" : "mysql" };
}
