import type { BenchCase, Contention } from "../campaign/bench/bench.ts";
import type { Target } from "../campaign/target.ts";
import type { IsolationLevel } from "../history/header.ts";
import type { RunConfig } from "../runner/run-config.ts";
import type { Parameters, Workload } from "../workload/workload.ts";
import type { ChosenWorkload } from "./load-workload.ts";
import { UsageError } from "./usage-error.ts";
import { list } from "./values.ts";

/** The parameters of a workload at each contention that is asked for. */
export interface Contentions {
  readonly parameters: readonly (readonly [Contention, Parameters])[];
  /** Why there is only one, where there is; for people. */
  readonly note: string | undefined;
}

/**
 * What the workload declares as low and high contention, with the user's own settings put over it.
 *
 * @param given parameters as typed
 * @param names what was asked for, by comma; both when undefined
 * @throws UsageError, WorkloadError
 */
export async function contentionsOf(
  { name, contention, ...workload }: Workload,
  given: readonly (readonly [string, string])[],
  names: string | undefined,
): Promise<Contentions> {
  const { parametersFor } = await import("../workload/parameters.ts");
  const asked = list("--contention", names ?? "low,high").map(contentionNamed);
  if (contention === undefined) {
    if (names !== undefined)
      throw new UsageError(`workload ${name} declares no contention: leave --contention out`);
    return {
      parameters: [["default", parametersFor({ name, ...workload }, given)]],
      note: `${name} declares no low and high contention: it ran with its default parameters only.`,
    };
  }
  const at = (kind: "low" | "high"): Parameters => {
    const declared = Object.entries(contention[kind]).map(([key, value]) => [key, `${value}`] as const);
    return parametersFor({ name, ...workload }, [...declared, ...given]);
  };
  if (JSON.stringify(at("low")) === JSON.stringify(at("high"))) {
    const note = "--param sets all that low and high contention differ in: there is only one.";
    return { parameters: [["default", at("low")]], note };
  }
  return { parameters: [...new Set(asked)].map((kind) => [kind, at(kind)]), note: undefined };
}

/**
 * The variants that were named, which are all of one workload.
 * @throws UsageError when they are not
 */
export async function variantsOf(specs: string): Promise<readonly [ChosenWorkload, ...ChosenWorkload[]]> {
  const { loadWorkload } = await import("./load-workload.ts");
  const [first, ...others] = (await Promise.all(list("--workload", specs).map(loadWorkload))).flat();
  if (first === undefined) throw new UsageError(`${specs} has no variants`);
  const foreign = others.find(({ workload }) => workload.name !== first.workload.name);
  if (foreign !== undefined)
    throw new UsageError(
      `bench compares the variants of one workload, and ${foreign.workload.name} is another one than ${first.workload.name}`,
    );
  const all = new Map([first, ...others].map((chosen) => [chosen.variantName, chosen]));
  return [first, ...[...all.values()].slice(1)];
}

/** What all runs of a comparison have in common. */
interface CaseSpace {
  readonly variants: readonly ChosenWorkload[];
  readonly levels: readonly IsolationLevel[];
  readonly contentions: Contentions["parameters"];
  /** One for each server, for the names of directories. */
  readonly names: readonly string[];
  readonly common: Pick<RunConfig, "seed" | "sessions" | "operations" | "timeLimitMs" | "thinkMs">;
}

/** Every variant at every level it makes sense at and every contention, on each server once there is one. */
export function casesFor(
  { variants, levels, contentions, names, common }: CaseSpace,
  targets: readonly Target[],
): readonly BenchCase[] {
  const chosen = levels.flatMap((isolation) =>
    contentions.flatMap(([contention, parameters]) =>
      variants
        .filter(({ variant }) => variant.levels?.includes(isolation) ?? true)
        .map((variant) => ({
          contention,
          config: { ...variant, ...common, rate: undefined, faults: undefined, isolation, parameters },
        })),
    ),
  );
  return targets.flatMap((target, number) =>
    chosen.map(({ contention, config }) => ({
      target,
      contention,
      config,
      name: `${number + 1}-${names[number] ?? ""}-${config.isolation}-${contention}-${config.variantName}`,
    })),
  );
}

function contentionNamed(name: string): "low" | "high" {
  if (name === "low" || name === "high") return name;
  throw new UsageError(`--contention must be low, high or both by comma, got "${name}"`);
}
