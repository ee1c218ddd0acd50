/** One schedule of one race, as text: which functions take part, and whose turn it was, step by step. */
export interface RaceMoves {
  /** Number of the mix of functions, from 0; 0 where they are not generated. */
  readonly mix: number;
  /** Numbers of the functions, in the order in which they are sessions. */
  readonly functions: readonly number[];
  /** Numbers of the sessions. */
  readonly moves: readonly number[];
}

/** Short enough to be copied: `01-0011`, with the number of the mix before it where that is not 0: `2.01-0011`. */
export function encodeRaceMoves({ mix, functions, moves }: RaceMoves): string {
  return `${mix === 0 ? "" : `${mix}.`}${functions.map(digit).join("")}-${moves.map(digit).join("")}`;
}

/**
 * @param count how many functions a mix has, by its number
 * @throws RangeError when it is no such text
 */
export function decodeRaceMoves(token: string, count: (mix: number) => number): RaceMoves {
  const [, mix = "0", before, after] = /^(?:(\d{1,6})\.)?([0-9a-z]+)-([0-9a-z]*)$/.exec(token) ?? [];
  const functions = Array.from(before ?? "", number);
  const moves = Array.from(after ?? "", number);
  const isKnown = functions.length > 0 && functions.every((each) => each < count(Number(mix)));
  if (
    !isKnown ||
    new Set(functions).size < functions.length ||
    moves.some((move) => move >= functions.length)
  )
    throw new RangeError(
      `"${token}" is no schedule of this race: it looks like 01-0011, the functions and then whose turn it is.`,
    );
  return { mix: Number(mix), functions, moves };
}

/** As `ISOLAB_REPLAY` has it: `3:01-0011` is for the third race of a test. The first one needs no number. */
export function replayIn(race: number | undefined, token: string): string {
  return race === undefined || race === 1 ? token : `${race}:${token}`;
}

/** What of `ISOLAB_REPLAY` is for a race, by its number in its test; undefined where it is for another one. */
export function replayOf(race: number | undefined, variable: string | undefined): string | undefined {
  const [, number = "1", token] = /^(?:(\d+):)?([\s\S]*)$/.exec(variable ?? "") ?? [];
  return Number(number) === (race ?? 1) ? token : undefined;
}

/** How many functions a race can have. */
export const mostFunctions = 36;

function digit(value: number): string {
  return value.toString(mostFunctions);
}

function number(text: string): number {
  return parseInt(text, mostFunctions);
}
