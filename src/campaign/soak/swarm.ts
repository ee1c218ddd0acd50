import { isolationLevels, type IsolationLevel } from "../../history/header.ts";
import { stream, type Rng } from "../../random/rng.ts";
import type { Parameter, Variant, Workload } from "../../workload/workload.ts";

/** What a configuration may be made of. Each list holds at least one entry, the faults aside. */
export interface SwarmSpace {
  readonly workloads: readonly {
    /** As it is named on the command line, without the variant. */
    readonly source: string;
    readonly workload: Workload;
    readonly variantName: string;
    readonly variant: Variant;
  }[];
  readonly levels: readonly IsolationLevel[];
  readonly modes: readonly ("stress" | "interleaved")[];
  /** Faults on a timeline, by name. */
  readonly nemeses: readonly string[];
  /** Faults as steps, by name. */
  readonly steps: readonly string[];
}

/** One configuration, as the values of the command line's flags. */
export interface Swarm {
  readonly workload: string;
  readonly isolation: IsolationLevel;
  readonly mode: "stress" | "interleaved";
  readonly sessions: number;
  readonly operations: number;
  readonly thinkMs: number;
  /** Those that differ from the workload's defaults. */
  readonly parameters: readonly (readonly [name: string, value: number])[];
  readonly nemeses: readonly string[];
  /** Of a free-running execution with faults. */
  readonly intervalMs: number;
  readonly durationMs: number;
  /** Of an interleaved one. */
  readonly strategy: "random" | "pct";
  readonly faultRate: number;
}

const mostFaults = 4;

/**
 * A configuration drawn from a seed: swarm testing, where each run leaves most features out, so that those that are
 * there are not masked by others (Groce et al., "Swarm Testing", ISSTA 2012). Each part is drawn from a stream of
 * its own: what is fixed by the user shifts nothing else.
 */
export function drawSwarm(seed: string, space: SwarmSpace): Swarm {
  const part = (name: string): Rng => stream(seed, `swarm/${name}`);
  const { source, workload, variantName, variant } = part("workload").pick(space.workloads);
  const possible = space.levels.filter((level) => variant.levels?.includes(level) ?? true);
  const mode = part("mode").pick(space.modes);
  const interleaved = mode === "interleaved";
  const faults = part("faults");
  const intervalMs = Math.round(between(part("interval"), 50, 1_000));
  return {
    workload: `${source}:${variantName}`,
    isolation: part("isolation").pick(possible.length > 0 ? possible : (variant.levels ?? isolationLevels)),
    mode,
    sessions: 2 + part("sessions").int(interleaved ? 4 : 11),
    operations: Math.round(between(part("operations"), interleaved ? 10 : 100, interleaved ? 60 : 3_000)),
    thinkMs: part("think").pick([0, 0, 1, 2, 5]),
    parameters: Object.entries(workload.parameters).flatMap(([name, parameter]) => {
      const value = drawParameter(part(`parameter/${name}`), parameter);
      return value === parameter.default ? [] : [[name, value] as const];
    }),
    nemeses: some(faults, interleaved ? space.steps : space.nemeses, faults.int(mostFaults + 1)),
    intervalMs,
    durationMs: Math.round(between(part("duration"), 50, 600)),
    strategy: part("strategy").pick(["random", "pct"]),
    faultRate: Math.round(between(part("fault-rate"), 1, 20)) / 100,
  };
}

/** Small numbers as often as large ones. */
function between(rng: Rng, least: number, most: number): number {
  return least * (most / least) ** rng.float();
}

/** Half of the time as it is; otherwise up to four times as large, or as small as may be. */
function drawParameter(rng: Rng, { default: usual, min, max, fractional }: Parameter): number {
  const keeps = rng.chance(0.5);
  const most = Math.min(max, Math.max(usual, 1) * 4);
  const value = min + (most - min) * rng.float() ** 2;
  if (keeps || most <= min) return usual;
  return fractional === true ? Math.round(value * 100) / 100 : Math.round(value);
}

function some(rng: Rng, names: readonly string[], count: number): readonly string[] {
  const left = [...names];
  const chosen: string[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(rng.int(left.length), 1));
  return chosen;
}
