import type { IsolationLevel } from "../history/header.ts";
import { asItIs, type Experiment } from "./experiments/experiment.ts";
import { atLevel } from "./experiments/levels.ts";
import { withoutLocks } from "./experiments/locking-reads.ts";
import { withoutRowCount } from "./experiments/row-counts.ts";
import { inRace } from "./explore-race.ts";
import type { Race } from "./open-race.ts";
import { pointingTo } from "./race.ts";
import type { RaceOptions, SessionFunction } from "./race-options.ts";
import type { RaceDatabase } from "./race-target.ts";

/** Something that was taken away from the code under test on purpose, and whether the test has noticed. */
export interface Weakening {
  readonly name: "locks taken away" | "lower isolation level" | "row counts ignored";
  /** What was changed, in words. */
  readonly change: string;
  /** A schedule shows what must not be, now that the code is weaker. */
  readonly noticed: boolean;
  /** What it shows. */
  readonly message: string | undefined;
  readonly schedules: number;
}

/** A test that stays green when the code under test is weakened on purpose. The message says what it did not notice. */
export class ToothlessError extends Error {
  override readonly name = "ToothlessError";
  readonly weakenings: readonly Weakening[];

  constructor(message: string, weakenings: readonly Weakening[]) {
    super(message);
    this.weakenings = weakenings;
  }
}

/**
 * Takes away, one at a time, what keeps the code under test safe: its locking reads (`FOR UPDATE`), its isolation level,
 * its look at how many rows were touched; and answers which of that the race notices. What the code does not have is not
 * listed.
 *
 * @throws RaceMisuse, EnvironmentError
 */
export function weaken<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<readonly Weakening[]> {
  return inRace(database, options, async (race) => {
    const weakenings: Weakening[] = [];
    for (const make of [locksTakenAway, lowerLevel, rowCountsIgnored]) {
      const weakening = await tried(race, make(race));
      if (weakening !== undefined) weakenings.push(weakening);
    }
    return weakenings;
  });
}

/**
 * The proof that a race bites: {@link weaken}, as an assertion. Every weakening must be noticed, and there must be one.
 *
 * @throws ToothlessError; what {@link weaken} throws
 */
export function bites<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<readonly Weakening[]> {
  const caller: { stack?: string } = {};
  Error.captureStackTrace(caller, bites);
  return weaken(database, options).then((weakenings) => {
    const missed = weakenings.filter(({ noticed }) => !noticed);
    if (weakenings.length > 0 && missed.length === 0) return weakenings;
    throw pointingTo(new ToothlessError(toothless(weakenings, missed), weakenings), caller.stack);
  });
}

function toothless(weakenings: readonly Weakening[], missed: readonly Weakening[]): string {
  if (weakenings.length === 0)
    return "Nothing could be weakened: the code takes no locks, runs at READ COMMITTED or below, and updates no rows in vain. Whether the test would notice a race is not known.";
  const lines = missed.map(
    ({ name, change, schedules }) => `  ${name}: ${change} (${schedules} schedules, none shows anything)`,
  );
  return `The test stays green although the code under test was weakened, so it proves nothing about it:\n${lines.join("\n")}`;
}

interface Trial {
  readonly name: Weakening["name"];
  readonly experiment: Experiment;
  /** What was changed; empty when there was nothing to change. */
  readonly changes: () => readonly string[];
}

async function tried(race: Race, { name, experiment, changes }: Trial): Promise<Weakening | undefined> {
  const { schedules } = race.parameters;
  const searched = await race.searchWith(experiment, { schedules });
  const changed = changes();
  if (changed.length === 0) return undefined;
  const { found, executed } = searched;
  return {
    name,
    change: changed.join("; "),
    noticed: found !== undefined,
    message: found?.fault.message,
    schedules: executed,
  };
}

function locksTakenAway({ parameters }: Race): Trial {
  const changed = new Set<string>();
  return {
    name: "locks taken away",
    experiment: {
      ...asItIs(parameters.level),
      rewrite: (sql) => {
        const weaker = withoutLocks(sql);
        if (weaker !== sql.trimEnd()) changed.add(sql.trim());
        return weaker;
      },
    },
    changes: () => [...changed],
  };
}

const levelsAbove: readonly (IsolationLevel | undefined)[] = ["repeatable-read", "serializable"];

function lowerLevel({ parameters }: Race): Trial {
  const lower = atLevel("read-committed");
  const changed = new Set<string>();
  if (levelsAbove.includes(parameters.level))
    changed.add(`READ COMMITTED instead of ${String(parameters.level)}`);
  return {
    name: "lower isolation level",
    experiment: {
      ...lower,
      rewrite: (sql) => {
        const weaker = lower.rewrite(sql);
        if (weaker.toLowerCase() !== sql.toLowerCase()) changed.add(`${weaker} instead of ${sql}`);
        return weaker;
      },
    },
    changes: () => [...changed],
  };
}

function rowCountsIgnored({ parameters }: Race): Trial {
  const changed = new Set<string>();
  return {
    name: "row counts ignored",
    experiment: {
      ...asItIs(parameters.level),
      retold: ({ sql }, answer) => {
        const told = withoutRowCount(sql, answer);
        if (told !== answer) changed.add(`${sql.trim()} is told to have touched a row`);
        return told;
      },
    },
    changes: () => [...changed],
  };
}
