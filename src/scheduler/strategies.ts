import type { DatabaseKind, IsolationLevel } from "../history/header.ts";
import { exhaustiveStrategy } from "./exhaustive-strategy.ts";
import { pctStrategy } from "./pct-strategy.ts";
import { randomStrategy } from "./random-strategy.ts";
import type { Strategy } from "./strategy.ts";

/** All that any strategy can be told; each takes what concerns it. */
export interface StrategyOptions {
  readonly seed: string;
  readonly isolation: IsolationLevel;
  /** What the server is; without it pruning assumes the worst of all. */
  readonly database?: DatabaseKind | undefined;
  /** The server lets one session wait for a lock at a time, and others are sent back. */
  readonly oneWaiter?: boolean | undefined;
  /** Of a bug that `pct` looks for; 3 unless given. */
  readonly depth?: number | undefined;
  /** For the first schedule of `pct`; 20 unless given. */
  readonly expectedSteps?: number | undefined;
  /** For `random`: how likely two sessions go on at once. */
  readonly overlaps?: number | undefined;
  /** The bound of `exhaustive`. */
  readonly preemptions?: number | undefined;
  /** Whether `exhaustive` leaves out equivalent schedules; true unless given. */
  readonly prune?: boolean | undefined;
}

/** A strategy as `isolab list` shows it. */
export interface StrategyEntry {
  /** As in `--strategy`. */
  readonly name: string;
  readonly summary: string;
  /**
   * Absent where a strategy is made from something else than options.
   * @throws RangeError when an option is out of range
   */
  readonly create?: (options: StrategyOptions) => Strategy;
}

/** Every strategy that has a name for the user. */
export const strategies: readonly StrategyEntry[] = [
  {
    name: "random",
    summary: "any ready session, each as likely: no preparation, no guarantee, and hard to beat",
    create: randomStrategy,
  },
  {
    name: "pct",
    summary: "random priorities with depth - 1 changes: finds a bug of that depth with a known probability",
    create: ({ seed, depth = 3, expectedSteps = 20 }) => pctStrategy({ seed, depth, expectedSteps }),
  },
  {
    name: "exhaustive",
    summary: "every interleaving once, up to a bound on preemptions if asked, equivalent ones left out",
    create: exhaustiveStrategy,
  },
  {
    name: "replay",
    summary: "the interleaving of a saved run, from its schedule.json; what isolab replay uses",
  },
];
