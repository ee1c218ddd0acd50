import { EnvironmentError } from "../clients/database-error.ts";
import { errorJson } from "../clients/error-json.ts";
import { RaceMisuse } from "./race-misuse.ts";
import { exploreIn, type RaceSurroundings } from "./explore-race.ts";
import type { RaceOptions, SessionFunction } from "./race-options.ts";
import type { RaceDatabase } from "./race-target.ts";
import type { RaceResult } from "./race-result.ts";
import { cutShort } from "./report/cut-short.ts";
import { jestTest } from "./report/jest-test.ts";
import { nextRaceOf } from "./test-record.ts";
import { ToothlessError } from "./toothless-error.ts";

/** A race was found, or nothing was proven. The message is the report; the cause what an invariant threw. */
export class RaceError extends Error {
  override readonly name = "RaceError";
  /** What the race came to, as data. Not enumerable: the message says it. */
  declare readonly result: RaceResult;

  constructor(result: RaceResult) {
    super(result.report, result.finding?.error === undefined ? undefined : { cause: result.finding.error });
    Object.defineProperty(this, "result", { value: result });
  }

  /** Without `result`. */
  toJSON(): object {
    return errorJson(this);
  }
}

/**
 * `explore`, as an assertion: comes back when no race was found, and prints a line where there was no time to look
 * further. Its stack points to whoever called it. In jest it ends
 * before the test's timeout would, and a failure tells the command that runs the test alone.
 *
 * @throws RaceError when a schedule shows what must not be, or nothing is proven; what `explore` throws
 */
export function race<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<RaceResult> {
  return raceIn(database, Promise.resolve(preparedInJest(options)), race);
}

/** A race that is about to be held. */
export interface PreparedRace<S extends readonly SessionFunction[]> {
  readonly options: RaceOptions<S>;
  readonly surroundings: RaceSurroundings;
}

/** A race in the test that jest runs, if it does. */
export function preparedInJest<const S extends readonly SessionFunction[]>(
  options: RaceOptions<S>,
): PreparedRace<S> {
  const test = jestTest();
  const inTest = test?.running === undefined ? {} : nextRaceOf(test.running);
  return { options, surroundings: { command: test?.command, ...inTest } };
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
  const held = async (): Promise<RaceResult> => {
    const { options, surroundings } = await prepared;
    const result = await exploreIn(database, options, surroundings);
    if (result.valid !== true) throw new RaceError(result);
    const warning = cutShort(result, options);
    if (warning !== undefined) console.warn(warning);
    return result;
  };
  return askedBy(below, held());
}

/**
 * Work whose errors have the stack of whoever asked for it, where all that they have to say is in their message.
 *
 * @param below the function that was called: the stack begins with its caller
 */
export function askedBy<T>(below: (...args: never[]) => unknown, work: Promise<T>): Promise<T> {
  const caller: { stack?: string } = {};
  Error.captureStackTrace(caller, below);
  return work.catch((error: unknown) => {
    throw isSentence(error) ? pointingTo(error, caller.stack) : error;
  });
}

function isSentence(error: unknown): error is Error {
  return [RaceError, RaceMisuse, EnvironmentError, ToothlessError].some((kind) => error instanceof kind);
}

/** The error with the stack of whoever asked. */
function pointingTo(error: Error, stack: string | undefined): Error {
  const frames = stack?.split("\n").slice(1).join("\n") ?? "";
  error.stack = `${error.name}: ${error.message}\n${frames}`;
  return error;
}
