import { isolationLevels, type IsolationLevel } from "../history/header.ts";
import { WorkloadError } from "./workload-error.ts";

/** A server that a gate runs on. */
export type ConfigTarget =
  /** A throw-away one, with server variables if there are any. */
  | {
      readonly db: "postgres" | "mysql" | "mariadb";
      readonly set?: Readonly<Record<string, string>>;
    }
  /** One of the user's; `name` stands for it in the baseline, since a URL may hold a password. */
  | { readonly url: string; readonly name: string };

/** What `isolab.config.ts` says; every part but the workloads may be left out. */
export interface IsolabConfig {
  /** `NAME[:VARIANT]` or `./file.ts[:VARIANT]`; all variants where none is named. */
  readonly workloads: readonly string[];
  /** Default: a throw-away PostgreSQL. */
  readonly targets?: readonly ConfigTarget[];
  /** Default: all four. */
  readonly isolation?: readonly IsolationLevel[];
  /** What decides plans and schedules. Default `"gate"`. */
  readonly seed?: string;
  /** The baseline's file, beside the config. Default `isolab.baseline.json`. */
  readonly baseline?: string;
  /** The search through interleavings, which proves what is expected. */
  readonly explore?: {
    /** Schedules for each cell. Default 40. */
    readonly schedules?: number;
    /** Default 4. */
    readonly sessions?: number;
    /** Planned operations of each schedule. Default 8. */
    readonly operations?: number;
  };
  /** The free-running execution, which may find what nobody has seen; false for none. */
  readonly stress?:
    | false
    | {
        /** Default 5. */
        readonly sessions?: number;
        /** Default 300. */
        readonly operations?: number;
        /** Milliseconds; no operation begins later. */
        readonly timeLimitMs?: number;
      };
}

/** A config with nothing left out. */
export interface FullConfig {
  readonly workloads: readonly string[];
  readonly targets: readonly ConfigTarget[];
  readonly isolation: readonly IsolationLevel[];
  readonly seed: string;
  readonly baseline: string;
  readonly explore: { readonly schedules: number; readonly sessions: number; readonly operations: number };
  readonly stress:
    | { readonly sessions: number; readonly operations: number; readonly timeLimitMs: number | undefined }
    | undefined;
}

/** Types an `isolab.config.ts`; answers it as it is. */
export function defineConfig(config: IsolabConfig): IsolabConfig {
  return config;
}

/**
 * The config with its defaults.
 * @param given whatever a file exports
 * @throws WorkloadError with one sentence that names the part that is wrong
 */
export function fullConfig(given: unknown): FullConfig {
  const config = record("the config", given);
  only("the config", config, ["workloads", "targets", "isolation", "seed", "baseline", "explore", "stress"]);
  const explore = record("explore", config.explore ?? {});
  only("explore", explore, ["schedules", "sessions", "operations"]);
  return {
    workloads: nonEmpty("workloads", config.workloads).map((name) => text("workloads", name)),
    targets: nonEmpty("targets", config.targets ?? [{ db: "postgres" }]).map(targetOf),
    isolation: nonEmpty("isolation", config.isolation ?? isolationLevels).map(levelOf),
    seed: text("seed", config.seed ?? "gate"),
    baseline: text("baseline", config.baseline ?? "isolab.baseline.json"),
    explore: {
      schedules: whole("explore.schedules", explore.schedules ?? 40, 1, 1_000_000),
      sessions: whole("explore.sessions", explore.sessions ?? 4, 1, 20),
      operations: whole("explore.operations", explore.operations ?? 8, 1, 1_000),
    },
    stress: stressOf(config.stress ?? {}),
  };
}

function stressOf(given: unknown): FullConfig["stress"] {
  if (given === false) return undefined;
  const stress = record("stress", given);
  only("stress", stress, ["sessions", "operations", "timeLimitMs"]);
  return {
    sessions: whole("stress.sessions", stress.sessions ?? 5, 1, 90),
    operations: whole("stress.operations", stress.operations ?? 300, 1, 1_000_000),
    timeLimitMs:
      stress.timeLimitMs === undefined
        ? undefined
        : whole("stress.timeLimitMs", stress.timeLimitMs, 1, 86_400_000),
  };
}

const kinds = ["postgres", "mysql", "mariadb"] as const;

function targetOf(given: unknown): ConfigTarget {
  const target = record("targets", given);
  if ("url" in target) {
    only("targets", target, ["url", "name"]);
    const url = text("targets.url", target.url);
    if (!/^(?:postgres|postgresql|mysql|mariadb):\/\/./.test(url))
      throw wrong("targets.url", "must look like postgres://… or mysql://…");
    return { url, name: text("targets.name", target.name) };
  }
  only("targets", target, ["db", "set"]);
  const db = kinds.find((kind) => kind === target.db);
  if (db === undefined) throw wrong("targets.db", `must be one of ${kinds.join(", ")}`);
  const set = Object.entries(record("targets.set", target.set ?? {}));
  return { db, set: Object.fromEntries(set.map(([name, value]) => [name, text("targets.set", value)])) };
}

function levelOf(given: unknown): IsolationLevel {
  const level = isolationLevels.find((known) => known === given);
  if (level === undefined) throw wrong("isolation", `must hold levels of ${isolationLevels.join(", ")}`);
  return level;
}

function record(where: string, given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw wrong(where, "must be an object");
  return given as Readonly<Record<string, unknown>>;
}

function only(where: string, given: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined) throw wrong(where, `has no part "${stranger}"; it has ${known.join(", ")}`);
}

function nonEmpty(where: string, given: unknown): readonly unknown[] {
  if (!Array.isArray(given) || given.length === 0) throw wrong(where, "must be a list with something in it");
  return given;
}

function text(where: string, given: unknown): string {
  if (typeof given !== "string" || given === "") throw wrong(where, "must be a text");
  return given;
}

function whole(where: string, given: unknown, min: number, max: number): number {
  if (typeof given !== "number" || !Number.isInteger(given) || given < min || given > max)
    throw wrong(where, `must be a whole number from ${min} to ${max}`);
  return given;
}

function wrong(where: string, what: string): WorkloadError {
  return new WorkloadError(`isolab.config: ${where} ${what}`);
}
