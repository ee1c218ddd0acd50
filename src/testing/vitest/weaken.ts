import type { RaceOptions, SessionFunction } from "../race-options.ts";
import type { RaceDatabase } from "../race-target.ts";
import { bitesIn, weakenIn, type Weakening } from "../weaken.ts";
import { inTest } from "./in-test.ts";

/**
 * `weaken` of `isolab` in a test of vitest's: ends before the test's timeout would.
 *
 * @throws RaceMisuse, EnvironmentError
 */
export function weaken<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<readonly Weakening[]> {
  return weakenIn(database, inTest(options), weaken);
}

/**
 * `bites` of `isolab` in a test of vitest's: ends before the test's timeout would.
 *
 * @throws ToothlessError, EnvironmentError; RaceMisuse, also where there was no time to try everything
 */
export function bites<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<readonly Weakening[]> {
  return bitesIn(database, inTest(options), bites);
}
