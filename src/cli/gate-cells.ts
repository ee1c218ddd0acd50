import { isAbsolute, join } from "node:path";

import type { GateCell } from "../campaign/gate/gate.ts";
import type { Target, TargetRequest } from "../campaign/target.ts";
import type { Clock } from "../clock/clock.ts";
import type { RunConfig } from "../runner/run-config.ts";
import { isPath, loadWorkload } from "./load-workload.ts";
import type { ConfigTarget, FullConfig } from "../workload/config.ts";

/** A server of the config as a request for one. */
export function requestOf(target: ConfigTarget): TargetRequest {
  return "url" in target
    ? { url: target.url }
    : { db: target.db, durable: false, settings: target.set ?? {} };
}

/** A workload file as it is named from the working directory. */
function placed(name: string, folder: string): string {
  if (!isPath(name.replace(/:[\w-]*$/, "")) || isAbsolute(name) || folder === ".") return name;
  const path = join(folder, name);
  return isAbsolute(path) || path.startsWith(".") ? path : `./${path}`;
}

/** What it is called in the baseline. */
export function nameOf(target: ConfigTarget): string {
  if ("url" in target) return target.name;
  const set = Object.entries(target.set ?? {}).map(([name, value]) => ` ${name}=${value}`);
  return `${target.db}${set.join("")}`;
}

/**
 * Every variant at every level that it makes sense at, on each server.
 *
 * @param folder where the config is, which its workload files are named from
 * @throws UsageError, WorkloadError for workloads that do not exist
 */
export async function gateCells(
  { config, folder }: { readonly config: FullConfig; readonly folder: string },
  targets: readonly Target[],
  around: {
    readonly directory: string;
    readonly clock: Clock;
    readonly stop: AbortSignal;
    readonly warn: (sentence: string) => void;
  },
): Promise<readonly GateCell[]> {
  const { parametersFor } = await import("../workload/parameters.ts");
  const chosen = (
    await Promise.all(config.workloads.map((name) => loadWorkload(placed(name, folder))))
  ).flat();
  return targets.flatMap((target, number) => {
    const described = config.targets[number];
    if (described === undefined) return [];
    const settings = "url" in described ? {} : (described.set ?? {});
    return chosen.flatMap((one) => {
      const levels = config.isolation.filter((level) => one.variant.levels?.includes(level) ?? true);
      return levels.map((isolation): GateCell => {
        const common = {
          ...one,
          isolation,
          seed: config.seed,
          parameters: parametersFor(one.workload, []),
          rate: undefined,
          thinkMs: 2,
          faults: undefined,
        };
        const search: RunConfig = { ...common, ...config.explore, timeLimitMs: undefined };
        const freely: RunConfig | undefined =
          config.stress === undefined ? undefined : { ...common, ...config.stress };
        const name = `${number + 1}-${one.workload.name}-${one.variantName}-${isolation}`;
        return {
          target: nameOf(described),
          spec: `${one.source}:${one.variantName}`,
          request: {
            ...around,
            target,
            settings,
            search,
            schedules: config.explore.schedules,
            freely,
            directory: join(around.directory, name),
          },
        };
      });
    });
  });
}
