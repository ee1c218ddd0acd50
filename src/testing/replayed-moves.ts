import { RaceMisuse } from "./race-misuse.ts";
import { decodeRaceMoves, type RaceMoves } from "./race-token.ts";

/** The schedule that a text names. @param count how many functions a mix has @throws RaceMisuse */
export function decodeReplay(token: string, count: (mix: number) => number): RaceMoves {
  try {
    return decodeRaceMoves(token, count);
  } catch (error) {
    throw new RaceMisuse((error as Error).message);
  }
}

/** What is said when a schedule cannot be repeated. @param why a sentence */
export function lostSchedule(token: string, why: string): RaceMisuse {
  return new RaceMisuse(
    `The schedule ${token} cannot be had any more: ${why} The code, the set-up or the server has changed.`,
  );
}
