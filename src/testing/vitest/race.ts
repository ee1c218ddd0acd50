import { relative } from "node:path";

import { expect } from "vitest";

import { literal, quoted } from "../command-words.ts";
import { raceIn } from "../race.ts";
import { withinTimeout } from "../within-timeout.ts";
import { currentTest } from "./current-test.ts";
import type { RaceOptions, SessionFunction } from "../race-options.ts";
import type { RaceResult } from "../race-result.ts";
import type { RaceDatabase } from "../race-target.ts";

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
  const { currentTestName, testPath } = expect.getState();
  const prepared = currentTest().then((test) => {
    const limit = withinTimeout(test?.timeout);
    // Of tests that run at the same time vitest does not tell which one this is.
    const name = test?.concurrent === true ? undefined : currentTestName;
    return { options: { ...limit, ...options }, surroundings: { command: commandOf(testPath, name) } };
  });
  return raceIn(database, prepared, race);
}

/** Runs one test of a file, or all of them where it has no name. */
function commandOf(file: string | undefined, test: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const command = `npx vitest run ${relative(process.cwd(), file)}`;
  return test === undefined ? command : `${command} -t ${quoted(literal(test.split(" > ").join(" ")))}`;
}
