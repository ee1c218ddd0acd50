/** Where in a history's text something is. Lines and columns count from 1; columns in UTF-16 units. */
export interface HistoryLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * A history cannot be read or written as asked. The message is one sentence for the user, led by
 * `file:line:column:` as far as these are known, and says what was expected and what was there.
 */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
  readonly location: HistoryLocation | undefined;

  constructor(sentence: string, location?: HistoryLocation, original?: unknown) {
    super(
      location === undefined ? sentence : locatedSentence(sentence, location),
      original === undefined ? undefined : { cause: original },
    );
    this.location = location;
  }
}

/** `file:line:column: sentence`, as far as the location is known. */
export function locatedSentence(sentence: string, { file, line, column }: HistoryLocation): string {
  return `${[file, line, column].filter((part) => part !== undefined).join(":")}: ${sentence}`;
}
