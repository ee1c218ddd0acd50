import { movesStrategy } from "../scheduler/moves-strategy.ts";
import { ScheduleDivergence } from "../scheduler/schedule-divergence.ts";
import { asItIs } from "./experiments/experiment.ts";
import { toldFinding } from "./finding-of.ts";
import type { Race } from "./open-race.ts";
import { racePlan } from "./race-plan.ts";
import type { Rehearsal, Rehearsed } from "./race-rehearsal.ts";
import { movesOf } from "./race-search.ts";
import type { RaceMoves } from "./race-token.ts";
import { decodeReplay, lostSchedule } from "./replayed-moves.ts";
import { unreported, type Unreported } from "./unreported.ts";

/** Executes the one schedule that a text names. @throws RaceMisuse when there is none, or it cannot be had any more */
export async function replayRace(race: Race, token: string): Promise<Unreported> {
  const { level, seed, functions } = race.parameters;
  const named = decodeReplay(token, (mix) => functions(mix).length);
  return race.rehearse({ experiment: asItIs(level), mix: named.mix }, async (rehearsal) => {
    const rehearsed = await repeated(rehearsal, seed, token, named);
    const fault = await race.judge(rehearsed);
    const finding =
      fault === undefined
        ? undefined
        : { ...(await toldFinding(race, rehearsal, { fault, rehearsed }, 0)), diagnosis: undefined };
    const { stuck } = rehearsed.performed;
    const notes = [...(stuck === undefined ? [] : [stuck]), `One schedule was executed, ${token}.`];
    return unreported(race, { schedules: 1, distinct: 1, complete: undefined }, finding, notes);
  });
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
    if (rehearsed.performed.stuck === undefined && steps < moves.length)
      throw lostSchedule(token, `the sessions came to their end after ${steps} of ${moves.length} steps.`);
    return rehearsed;
  } catch (error) {
    if (!(error instanceof ScheduleDivergence)) throw error;
    throw lostSchedule(token, `${error.message}.`);
  }
}
