import type { IsolationLevel } from "../history/header.ts";
import { asItIs, type Experiment } from "./experiments/experiment.ts";
import { atLevel } from "./experiments/levels.ts";
import { withoutLocks } from "./experiments/locking-reads.ts";
import { withoutRowCount } from "./experiments/row-counts.ts";
import { inRace } from "./explore-race.ts";
import type { Race } from "./open-race.ts";
import { askedBy, preparedInJest, type PreparedRace } from "./race.ts";
import { RaceMisuse } from "./race-misuse.ts";
import type { RaceOptions, SessionFunction } from "./race-options.ts";
import type { RaceDatabase } from "./race-target.ts";
import { ToothlessError } from "./toothless-error.ts";

/** Something that was taken away from the code under test on purpose, and whether the test has noticed. */
export interface Weakening {
  readonly name: "locks taken away" | "lower isolation level" | "row counts ignored";
  /** What was changed, in words; empty where there was no time to learn what there is. */
  readonly change: string;
  /** A schedule shows what must not be, now that the code is weaker. */
  readonly noticed: boolean;
  /** What it shows. */
  readonly message: string | undefined;
  readonly schedules: number;
  /** The time was over before it was noticed, and before all was tried: nothing is known. */
  readonly timedOut: boolean;
}

/**
 * Takes away, one at a time, what keeps the code under test safe: its locking reads (`FOR UPDATE`), its isolation level,
 * its look at how many rows were touched; and answers which of that the race notices. What the code does not have is not
 * listed. In jest it ends before the test's timeout would.
 *
 * @throws RaceMisuse, EnvironmentError
 */
export function weaken<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<readonly Weakening[]> {
  return weakenIn(database, Promise.resolve(preparedInJest(options)), weaken);
}

/** {@link weaken}, in surroundings that are known. @param below the function that was called */
export function weakenIn<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  prepared: Promise<PreparedRace<S>>,
  below: (...args: never[]) => unknown,
): Promise<readonly Weakening[]> {
  return askedBy(below, weakened(database, prepared));
}

/**
 * The proof that a race bites: {@link weaken}, as an assertion. Every weakening must be noticed, and there must be one.
 *
 * @throws ToothlessError; RaceMisuse where there was no time to try everything; what {@link weaken} throws
 */
export function bites<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<readonly Weakening[]> {
  return bitesIn(database, Promise.resolve(preparedInJest(options)), bites);
}

/** {@link bites}, in surroundings that are known. @param below the function that was called */
export function bitesIn<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  prepared: Promise<PreparedRace<S>>,
  below: (...args: never[]) => unknown,
): Promise<readonly Weakening[]> {
  const proven = async (): Promise<readonly Weakening[]> => {
    const weakenings = await weakened(database, prepared);
    const missed = weakenings.filter(({ noticed, timedOut }) => !noticed && !timedOut);
    if (weakenings.length === 0 || missed.length > 0)
      throw new ToothlessError(toothless(weakenings, missed), weakenings);
    if (weakenings.some(({ timedOut }) => timedOut)) throw new RaceMisuse(outOfTime(weakenings));
    return weakenings;
  };
  return askedBy(below, proven());
}

async function weakened<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  prepared: Promise<PreparedRace<S>>,
): Promise<readonly Weakening[]> {
  const { options, surroundings } = await prepared;
  return inRace(database, options, surroundings, async (race) => {
    const weakenings: Weakening[] = [];
    // The one at another level comes last: what the others have nothing to do with is executed as it is.
    let left = [locksTakenAway, rowCountsIgnored, lowerLevel];
    for (let make = left.shift(); make !== undefined; make = left.shift()) {
      const watched = left.map((later) => ({ later, trial: later(race) }));
      const { weakening, isWhole } = await tried(
        race,
        make(race),
        watched.map(({ trial }) => trial),
      );
      if (weakening !== undefined) weakenings.push(weakening);
      else if (isWhole)
        left = watched.filter(({ trial }) => trial.changes().length > 0).map(({ later }) => later);
    }
    return weakenings;
  });
}

/** What was learnt of each weakening before the time was over. */
function outOfTime(weakenings: readonly Weakening[]): string {
  const lines = weakenings.map(({ name, change, noticed, schedules, timedOut }) => {
    const extent = `${schedules} ${schedules === 1 ? "schedule" : "schedules"}`;
    if (schedules === 0) return `  not tried: ${name}`;
    return `  ${timedOut ? "not tried to the end" : noticed ? "noticed" : "not noticed"}: ${name}: ${change === "" ? "nothing to take away so far" : change} (${extent})`;
  });
  return `There was no time to try whether the test bites: allow the test more time (its timeout, or \`timeLimitMs\`), or ask for fewer \`schedules\`.\n${lines.join("\n")}`;
}

function toothless(weakenings: readonly Weakening[], missed: readonly Weakening[]): string {
  if (weakenings.length === 0)
    return "Nothing could be weakened: the code takes no locks, runs at READ COMMITTED or below, and updates no rows in vain by a statement that answers their number alone (without RETURNING). Whether the test would notice a race is not known.";
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

interface Tried {
  /** Undefined where there was nothing to change. */
  readonly weakening: Weakening | undefined;
  /** All schedules were executed that there are, or that were asked for. */
  readonly isWhole: boolean;
}

/** @param watched are shown everything that is executed, and change nothing */
async function tried(
  race: Race,
  { name, experiment, changes }: Trial,
  watched: readonly Trial[],
): Promise<Tried> {
  const { schedules } = race.parameters;
  const searched = await race.searchWith(shownTo(watched, experiment), { schedules });
  const { found, executed, complete } = searched;
  const isWhole = found === undefined && (complete === true || executed >= schedules);
  const timedOut = found === undefined && !isWhole && !race.goesOn();
  const changed = changes();
  if (changed.length === 0 && !timedOut) return { weakening: undefined, isWhole };
  const weakening: Weakening = {
    name,
    change: changed.join("; "),
    noticed: found !== undefined,
    message: found?.fault.message,
    schedules: executed,
    timedOut,
  };
  return { weakening, isWhole };
}

function shownTo(watched: readonly Trial[], experiment: Experiment): Experiment {
  return {
    ...experiment,
    rewrite: (sql) => {
      for (const { experiment: other } of watched) other.rewrite(sql);
      return experiment.rewrite(sql);
    },
    retold: (call, answer) => {
      for (const { experiment: other } of watched) other.retold(call, answer);
      return experiment.retold(call, answer);
    },
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
