import { RaceMisuse } from "./race-misuse.ts";

/** The time limit came while functions ran one after another: what they did is no result. */
export class OutOfTime extends RaceMisuse {
  constructor() {
    super("The time limit came before the functions had run once: allow more time.");
  }
}

/** What comes of work, or undefined where the time was over. */
export function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (error instanceof OutOfTime) return undefined;
    throw error;
  });
}
