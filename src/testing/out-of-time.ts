import type { SentStatement } from "./search/conduct.ts";
import { oneLine } from "./report/error-text.ts";
import { RaceMisuse } from "./race-misuse.ts";

/** A function that was under way when the time was over. */
export interface UnderWay {
  readonly name: string;
  readonly sent: readonly SentStatement[];
}

/** The time limit came while functions ran one after another: what they did is no result. */
export class OutOfTime extends RaceMisuse {
  /** @param underWay undefined where none was begun */
  constructor(underWay: UnderWay | undefined) {
    super(`The time limit came before the functions had run once${tellUnderWay(underWay)}`);
  }
}

/** The end of a sentence that says that there was no time, and what to do. */
export function tellUnderWay(underWay: UnderWay | undefined): string {
  const cure = "allow more time (the test's timeout, or `timeLimitMs`).";
  if (underWay === undefined) return `: ${cure}`;
  const { name, sent } = underWay;
  const last = sent.at(-1);
  const soFar =
    last === undefined
      ? "no statement"
      : `${sent.length === 1 ? "one statement" : `${sent.length} statements, the last of them`} \`${oneLine(last.sql)}\``;
  return `: ${name} was under way, and had sent ${soFar}. If it waits for what never comes, mend that; else ${cure}`;
}

/** What comes of work, or undefined where the time was over. */
export function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (error instanceof OutOfTime) return undefined;
    throw error;
  });
}
