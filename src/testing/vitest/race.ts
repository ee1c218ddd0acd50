import { relative } from "node:path";

import { expect } from "vitest";

import { raceIn } from "../race.ts";
import { currentTest } from "./current-test.ts";
import type { RaceOptions, SessionFunction } from "../race-options.ts";
import type { RaceResult } from "../race-result.ts";
import type { RaceDatabase } from "../race-target.ts";

/** The share of a test's timeout that a race may take, so that it is the race that speaks and not the timeout. */
const share = 0.7;

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
  const command = commandOfThisTest();
  const limited = currentTest().then((test): RaceOptions<S> => {
    const timeout = test?.timeout ?? 0;
    const limit = timeout > 0 && Number.isFinite(timeout) ? { timeLimitMs: timeout * share } : {};
    return { ...limit, ...options };
  });
  return raceIn(database, limited, { command }, race);
}

/** Runs the test that is running, and no other. */
function commandOfThisTest(): string | undefined {
  const { currentTestName, testPath } = expect.getState();
  if (currentTestName === undefined || testPath === undefined) return undefined;
  const name = currentTestName
    .split(" > ")
    .join(" ")
    .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return `npx vitest run ${relative(process.cwd(), testPath)} -t ${quoted(name)}`;
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
