import type { ScheduleDivergence } from "../../scheduler/schedule-divergence.ts";
import { RaceMisuse } from "../race-misuse.ts";
import { decodeRaceMoves, type RaceMoves } from "./race-token.ts";

/** The schedule that a text names. @param count how many functions a mix has @throws RaceMisuse */
export function decodeReplay(token: string, count: (mix: number) => number): RaceMoves {
  try {
    return decodeRaceMoves(token, count);
  } catch (error) {
    throw new RaceMisuse(
      `${(error as Error).message} Copy it whole from the failure of this test. ${searchAgain}`,
    );
  }
}

/** What is said when a schedule cannot be repeated. @param why a sentence without its end */
export function lostSchedule(token: string, why: string): RaceMisuse {
  return new RaceMisuse(
    `The schedule ${token} cannot be carried out any more: ${why}. It is of another race, or the code, the set-up or the server has changed since. ${searchAgain}`,
  );
}

/** Where an execution left the schedule that it was to repeat. @param nameOf what a session is called */
export function whyLost(
  { step, expected, found }: ScheduleDivergence,
  nameOf: (session: number) => string,
): string {
  if (expected === "end" && step === 0) return "it has no steps";
  if (expected === "end") return `the functions had not come to their end after its ${step} steps`;
  const [session = 0] = expected.ready;
  const waits = found !== "end" && found.blocked.includes(session);
  return `in step ${step + 1} it is the turn of ${nameOf(session)}, which ${waits ? "waits for a lock" : "has nothing to send"} there`;
}

const searchAgain = "Leave out ISOLAB_REPLAY (or `replay`) to search again.";
