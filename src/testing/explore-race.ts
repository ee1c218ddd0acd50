import { realClock } from "../clock/real-clock.ts";
import { StuckError } from "../runner/interleaved/settle.ts";
import { installInstruments } from "./instrument/install.ts";
import { Race } from "./open-race.ts";
import { RaceLimit } from "./race-limit.ts";
import { RaceMisuse } from "./race-misuse.ts";
import { aloneInProcess } from "./race-mutex.ts";
import type { RaceOptions, SessionFunction } from "./race-options.ts";
import { raceOutcome } from "./race-outcome.ts";
import { raceParameters, refuseNone } from "./race-parameters.ts";
import { raceReport } from "./report/race-report.ts";
import type { RaceResult } from "./race-result.ts";
import { openRaceStage } from "./race-stage.ts";
import { refuseFakeTimers } from "./refuse-fake-timers.ts";
import { raceTarget, type RaceDatabase } from "./race-target.ts";

/**
 * Runs functions of an application as concurrent sessions, in one order of their statements after another, and answers
 * what came of it. The code is not changed and knows nothing of it: while it runs, `pg` and `mysql2` let each of its
 * statements wait for its turn, whichever pool, client or ORM sends it.
 *
 * @param database its URL, or a pool of `pg` or `mysql2`; never one whose data you need: the set-up is run before each schedule
 * @throws RaceMisuse, EnvironmentError with one sentence that says what to do
 */
export async function explore<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<RaceResult> {
  return exploreIn(database, options, {});
}

/** What the test runner knows of the test in which a race is held. */
export interface RaceSurroundings {
  /** The command that runs this test alone, if the runner tells. */
  readonly command?: string | undefined;
  /**
   * So long after the call, in milliseconds, a race is to be over that has no time limit of its own, and one that still
   * waits for another one gives up.
   */
  readonly timeLimitMs?: number | undefined;
  /** Its number among the races of its test, from 1, if the runner tells. */
  readonly race?: number | undefined;
}

/** {@link explore}, in surroundings that are known. */
export async function exploreIn<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
  surroundings: RaceSurroundings,
): Promise<RaceResult> {
  return inRace(database, options, surroundings, async (race) => {
    const result = await raceOutcome(race);
    return { ...result, report: raceReport(result, surroundings) };
  });
}

/** Opens a race on a database, with the drivers instrumented, when no other one is open, and closes it whatever happens. */
export function inRace<T, S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
  { timeLimitMs, race: number }: RaceSurroundings,
  work: (race: Race) => Promise<T>,
): Promise<T> {
  refuseNone(options);
  const { signal } = options;
  const given = new RaceLimit({ timeLimitMs, signal });
  return aloneInProcess(async () => {
    refuseFakeTimers();
    const parameters = raceParameters(options, process.env, number);
    const { target, pool } = raceTarget(database);
    const clock = realClock();
    const stage = await openRaceStage(target, clock);
    const instruments = installInstruments(pool);
    try {
      const limit = options.timeLimitMs === undefined ? given : new RaceLimit(options);
      const means = { stage, instruments, clock, limit };
      const race = new Race(means, options as unknown as RaceOptions, parameters);
      return await work(race)
        .catch((error: unknown) => {
          // Of the search: the caller is told in a sentence.
          throw error instanceof StuckError ? new RaceMisuse(error.message, { cause: error }) : error;
        })
        .finally(async () => {
          await race.close();
          parameters.refuseLateDraws();
        });
    } finally {
      instruments.uninstall();
      await stage.close();
    }
  }, given);
}
