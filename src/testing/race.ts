import { explore } from "./explore-race.ts";
import type { RaceOptions, SessionFunction } from "./race-options.ts";
import type { RaceDatabase } from "./race-target.ts";
import type { RaceResult } from "./race-result.ts";

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
 * {@link explore}, as an assertion: comes back when no race was found. Its stack points to whoever called it.
 *
 * @throws RaceError when a schedule shows what must not be, or nothing is proven; what {@link explore} throws
 */
export function race<const S extends readonly SessionFunction[]>(
  database: RaceDatabase,
  options: RaceOptions<S>,
): Promise<RaceResult> {
  const caller: { stack?: string } = {};
  Error.captureStackTrace(caller, race);
  return explore(database, options).then((result) => {
    if (result.valid === true) return result;
    throw pointingTo(new RaceError(result), caller.stack);
  });
}

/** The error with the stack of whoever asked. */
export function pointingTo(error: Error, stack: string | undefined): Error {
  const frames = stack?.split("\n").slice(1).join("\n") ?? "";
  error.stack = `${error.name}: ${error.message}\n${frames}`;
  return error;
}
