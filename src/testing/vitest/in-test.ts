import { relative } from "node:path";

import { expect } from "vitest";

import { quoted, wholly } from "../report/command-words.ts";
import type { PreparedRace } from "../race.ts";
import type { RaceOptions, SessionFunction } from "../race-options.ts";
import { nextRaceOf } from "../test-record.ts";
import { withinTimeout } from "../report/within-timeout.ts";
import { currentTest, fullName } from "./current-test.ts";

/** A race in the test that vitest runs: it ends before the test's timeout would. */
export function inTest<const S extends readonly SessionFunction[]>(
  options: RaceOptions<S>,
): Promise<PreparedRace<S>> {
  const { testPath } = expect.getState();
  return currentTest().then((test) => {
    const file = testPath === undefined ? undefined : relative(process.cwd(), testPath);
    const timeoutMs = test?.timeout;
    // Of tests that run at the same time vitest does not tell which one this is.
    if (test === undefined || test.concurrent === true)
      return { options, surroundings: { command: commandOfOne(file), ...withinTimeout(timeoutMs) } };
    const { retryCount = 0, repeatCount = 0 } = test.result ?? {};
    const inTest = nextRaceOf({ test, attempt: `${retryCount}/${repeatCount}`, timeoutMs });
    return { options, surroundings: { command: commandOf(file, fullName(test)), ...inTest } };
  });
}

/** Runs one test of a file, or all of them where it has no name. */
function commandOf(file: string | undefined, test: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const command = `npx vitest run ${file}`;
  return test === undefined ? command : `${command} -t ${quoted(wholly(test))}`;
}

/** Runs one test of a file, whose name is to be put in. */
function commandOfOne(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  return `${commandOf(file, undefined)} -t NAME\n  (NAME is this test's: of tests that run at the same time vitest does not tell which one it is)`;
}
