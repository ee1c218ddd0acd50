import { raceIn } from "../race.ts";
import type { RaceOptions, SessionFunction } from "../race-options.ts";
import type { RaceResult } from "../race-result.ts";
import type { RaceDatabase } from "../race-target.ts";
import { inTest } from "./in-test.ts";

/**
 * `race` of `isolab` in a test of vitest's: ends before the test's timeout would, and a failure tells the command that
 * runs this test alone with the schedule that failed.
 *
 * @throws RaceError, RaceMisuse, EnvironmentError
 */
export function race<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<RaceResult> {
  return raceIn(database, inTest(options), race);
}
