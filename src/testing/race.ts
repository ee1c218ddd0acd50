import { EnvironmentError } from "../clients/database-error.ts";
import { RaceMisuse } from "./race-misuse.ts";
import { exploreIn, type RaceSurroundings } from "./explore-race.ts";
import type { RaceOptions, SessionFunction } from "./race-options.ts";
import type { RaceDatabase } from "./race-target.ts";
import type { RaceResult } from "./race-result.ts";
import { jestTest } from "./jest-test.ts";
import { withinTimeout } from "./within-timeout.ts";

/** A race was found, or nothing was proven. The message is the report; the cause what an invariant threw. */
export class RaceError extends Error {
  override readonly name = "RaceError";
  readonly result: RaceResult;

  constructor(result: RaceResult) {
    super(result.report, result.finding?.error === undefined ? undefined : { cause: result.finding.error });
    this.result = result;
  }
}

/**
 * `explore`, as an assertion: comes back when no race was found. Its stack points to whoever called it. In jest it ends
 * before the test's timeout would, and a failure tells the command that runs the test alone.
 *
 * @throws RaceError when a schedule shows what must not be, or nothing is proven; what `explore` throws
 */
export function race<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<RaceResult> {
  const test = jestTest();
  const prepared: PreparedRace<S> = {
    options: { ...withinTimeout(test?.timeoutMs), ...options },
    surroundings: { command: test?.command },
  };
  return raceIn(database, Promise.resolve(prepared), race);
}

/** A race that is about to be held. */
export interface PreparedRace<S extends readonly SessionFunction[]> {
  readonly options: RaceOptions<S>;
  readonly surroundings: RaceSurroundings;
}

/**
 * {@link race}, in surroundings that are known.
 *
 * @param below the function that was called: the error's stack begins with its caller
 */
export function raceIn<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  prepared: Promise<PreparedRace<S>>,
  below: (...args: never[]) => unknown,
): Promise<RaceResult> {
  const caller: { stack?: string } = {};
  Error.captureStackTrace(caller, below);
  return prepared
    .then(({ options, surroundings }) => exploreIn(database, options, surroundings))
    .then((result) => {
      if (result.valid === true) return result;
      throw pointingTo(new RaceError(result), caller.stack);
    })
    .catch((error: unknown) => {
      throw isSentence(error) ? pointingTo(error, caller.stack) : error;
    });
}

/** Whether all that an error has to say is in its message. */
function isSentence(error: unknown): error is Error {
  return error instanceof RaceMisuse || error instanceof EnvironmentError;
}

/** The error with the stack of whoever asked. */
export function pointingTo(error: Error, stack: string | undefined): Error {
  const frames = stack?.split("\n").slice(1).join("\n") ?? "";
  error.stack = `${error.name}: ${error.message}\n${frames}`;
  return error;
}
