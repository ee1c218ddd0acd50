import { relative } from "node:path";

import { expect } from "vitest";

import { literal, quoted } from "../command-words.ts";
import type { PreparedRace } from "../race.ts";
import type { RaceOptions, SessionFunction } from "../race-options.ts";
import { withinTimeout } from "../within-timeout.ts";
import { currentTest } from "./current-test.ts";

/** A race in the test that vitest runs: it ends before the test's timeout would. */
export function inTest<const S extends readonly SessionFunction[]>(
  options: RaceOptions<S>,
): Promise<PreparedRace<S>> {
  const { currentTestName, testPath } = expect.getState();
  return currentTest().then((test) => {
    // Of tests that run at the same time vitest does not tell which one this is.
    const name = test?.concurrent === true ? undefined : currentTestName;
    const command = commandOf(testPath, name);
    return { options, surroundings: { command, ...withinTimeout(test?.timeout) } };
  });
}

/** Runs one test of a file, or all of them where it has no name. */
function commandOf(file: string | undefined, test: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const command = `npx vitest run ${relative(process.cwd(), file)}`;
  return test === undefined ? command : `${command} -t ${quoted(literal(test.split(" > ").join(" ")))}`;
}
