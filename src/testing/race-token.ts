/** One schedule of one race, as text: which functions take part, and whose turn it was, step by step. */
export interface RaceMoves {
  /** Numbers of the functions, in the order in which they are sessions. */
  readonly functions: readonly number[];
  /** Numbers of the sessions. */
  readonly moves: readonly number[];
}

/** Short enough to be copied: `01-0011`. */
export function encodeRaceMoves({ functions, moves }: RaceMoves): string {
  return `${functions.map(digit).join("")}-${moves.map(digit).join("")}`;
}

/** @param count how many functions the race has @throws RangeError when it is no such text */
export function decodeRaceMoves(token: string, count: number): RaceMoves {
  const [, before, after] = /^([0-9a-z]+)-([0-9a-z]*)$/.exec(token) ?? [];
  const functions = Array.from(before ?? "", number);
  const moves = Array.from(after ?? "", number);
  const isKnown = functions.length > 0 && functions.every((each) => each < count);
  if (
    !isKnown ||
    new Set(functions).size < functions.length ||
    moves.some((move) => move >= functions.length)
  )
    throw new RangeError(
      `"${token}" is no schedule of this race: it looks like 01-0011, the functions and then whose turn it is.`,
    );
  return { functions, moves };
}

/** How many functions a race can have. */
export const mostFunctions = 36;

function digit(value: number): string {
  return value.toString(mostFunctions);
}

function number(text: string): number {
  return parseInt(text, mostFunctions);
}
