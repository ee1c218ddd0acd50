import { isDeepStrictEqual } from "node:util";

import type { RaceFunction } from "../execution/race-execution.ts";
import type { SentStatement } from "./conduct.ts";

/** Runs functions one after another, from the state that the set-up makes, and answers what each has sent. */
export type RunInTurn = (
  functions: readonly RaceFunction[],
) => Promise<readonly (readonly SentStatement[])[]>;

/**
 * Whether a mix of functions that was drawn twice from the same stream is the same both times, as far as names and
 * statements tell: else it draws from something else as well, and nothing that it shows could be had again.
 *
 * Functions that do not do the same each time themselves are not told apart here.
 *
 * @param run undefined where names alone are to tell
 * @returns why not, as a sentence; undefined where they are the same, or that cannot be told
 */
export async function otherMix(
  one: readonly RaceFunction[],
  other: readonly RaceFunction[],
  run: RunInTurn | undefined,
): Promise<string | undefined> {
  if (one.length !== other.length)
    return drawsElsewhere(`${one.length} functions once and ${other.length} another time`);
  const renamed = one.find(({ name }, i) => name !== other[i]?.name);
  if (renamed !== undefined)
    return drawsElsewhere(`${renamed.name} once and ${other[renamed.id]?.name ?? "nothing"} another time`);
  if (run === undefined) return undefined;
  const [first, second] = [await statementsOf(one, run), await statementsOf(other, run)];
  if (isDeepStrictEqual(first, second)) return undefined;
  // The first run of all may have filled what code keeps; what differs from itself cannot be told from the other.
  const [again, secondAgain] = [await statementsOf(one, run), await statementsOf(other, run)];
  const [last, secondLast] = [await statementsOf(one, run), await statementsOf(other, run)];
  if (!isDeepStrictEqual(again, last) || !isDeepStrictEqual(secondAgain, secondLast)) return undefined;
  const session = again.findIndex((sent, i) => !isDeepStrictEqual(sent, secondAgain[i]));
  if (session < 0) return undefined;
  const name = one[session]?.name ?? `session ${session}`;
  return drawsElsewhere(`${name} twice, and the two send other statements`);
}

function drawsElsewhere(what: string): string {
  return (
    `The mix of functions is not the same each time it is drawn: \`sessions\` drew ${what}, from the same chance. Nothing that it shows could be repeated. ` +
    "Let it draw from what it is given, and from nothing else: `(draw) => { const sum = draw.int(100); return [() => pay(sum), () => pay(sum)]; }`, and no `Math.random()`."
  );
}

/** By session; statements that were sent at once may have come in any order. */
async function statementsOf(
  functions: readonly RaceFunction[],
  run: RunInTurn,
): Promise<readonly (readonly string[])[]> {
  const sent = await run(functions);
  return sent.map((statements) =>
    statements.map(({ sql, params }) => `${sql} ${params.map(String).join(", ")}`).sort(),
  );
}
