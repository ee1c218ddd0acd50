import { movesStrategy } from "../scheduler/moves-strategy.ts";
import { ScheduleDivergence } from "../scheduler/schedule-divergence.ts";
import { asItIs } from "./experiments/experiment.ts";
import { toldFinding } from "./finding-of.ts";
import type { Race } from "./open-race.ts";
import { deadlockFault } from "./race-deadlock.ts";
import { RaceMisuse } from "./race-misuse.ts";
import { racePlan } from "./race-plan.ts";
import type { Rehearsal, Rehearsed } from "./race-rehearsal.ts";
import { movesOf } from "./race-search.ts";
import { decodeRaceMoves, type RaceMoves } from "./race-token.ts";
import { nothingSearched } from "./searched-together.ts";
import { searchedResult, unreported, type Unreported } from "./unreported.ts";

/** Executes the one schedule that a text names. @throws RaceMisuse when it is none, or cannot be had any more */
export async function replayRace(race: Race, token: string): Promise<Unreported> {
  const { level, seed, functions } = race.parameters;
  const named = decoded(token, (mix) => functions(mix).length);
  return race.rehearse({ experiment: asItIs(level), mix: named.mix }, async (rehearsal) => {
    const rehearsed = await repeated(rehearsal, seed, token, named);
    if (rehearsed.performed.interrupted) return searchedResult(race, nothingSearched, undefined);
    const { stuck } = rehearsed.performed;
    const { deadlock } = rehearsed.execution;
    const fault =
      stuck === undefined ? await race.judge.judge(rehearsed) : deadlock && deadlockFault(deadlock);
    const finding =
      fault === undefined
        ? undefined
        : { ...(await toldFinding(race, rehearsal, { fault, rehearsed }, 0)), diagnosis: undefined };
    return unreported(race, {
      schedules: 1,
      distinct: 1,
      complete: undefined,
      finding,
      doubts: [...(stuck === undefined ? [] : [stuck]), ...race.judge.doubts],
      notes: [`One schedule was executed, ${token}.`],
    });
  });
}

function decoded(token: string, count: (mix: number) => number): RaceMoves {
  try {
    return decodeRaceMoves(token, count);
  } catch (error) {
    throw new RaceMisuse((error as Error).message);
  }
}

async function repeated(
  rehearsal: Rehearsal,
  seed: string,
  token: string,
  { functions, moves }: RaceMoves,
): Promise<Rehearsed> {
  const strategy = movesStrategy(moves.map((session) => ({ kind: "grant", session })));
  try {
    const rehearsed = await rehearsal.perform(racePlan(seed, functions), strategy, 0);
    const steps = movesOf(rehearsed.performed).length;
    if (rehearsed.performed.interrupted) return rehearsed;
    if (rehearsed.performed.stuck === undefined && steps < moves.length)
      throw lost(token, `the sessions came to their end after ${steps} of ${moves.length} steps.`);
    return rehearsed;
  } catch (error) {
    if (!(error instanceof ScheduleDivergence)) throw error;
    throw lost(token, `${error.message}.`);
  }
}

/** What is said when a schedule cannot be repeated. @param why a sentence */
function lost(token: string, why: string): RaceMisuse {
  return new RaceMisuse(
    `The schedule ${token} cannot be had any more: ${why} The code, the set-up or the server has changed.`,
  );
}
