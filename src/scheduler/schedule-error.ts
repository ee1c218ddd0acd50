import { type HistoryLocation, locatedSentence } from "../history/history-error.ts";

/**
 * A text is no schedule that can be repeated. The message is one sentence for the user, led by
 * `file:line:column:`, and says what was expected there and what was found.
 */
export class ScheduleError extends Error {
  override readonly name = "ScheduleError";
  readonly location: HistoryLocation;

  constructor(sentence: string, location: HistoryLocation, original?: unknown) {
    super(locatedSentence(sentence, location), original === undefined ? undefined : { cause: original });
    this.location = location;
  }
}
