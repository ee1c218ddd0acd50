import { ScheduleDivergence } from "../../scheduler/schedule-divergence.ts";
import { asItIs } from "../experiments/experiment.ts";
import { toldFinding } from "./finding-of.ts";
import type { Race } from "../open-race.ts";
import { deadlockFault } from "../execution/race-deadlock.ts";
import { racePlan } from "./race-plan.ts";
import type { Rehearsal, Rehearsed } from "../execution/race-rehearsal.ts";
import { movesOf } from "./race-search.ts";
import type { RaceMoves } from "./race-token.ts";
import { decodeReplay, lostSchedule, whyLost } from "./replayed-moves.ts";
import { nothingSearched } from "./searched-together.ts";
import { turnsStrategy } from "./turns-strategy.ts";
import { searchedResult, unreported, type Unreported } from "../report/unreported.ts";

/** Executes the one schedule that a text names. @throws RaceMisuse when there is none, or it cannot be had any more */
export async function replayRace(race: Race, token: string): Promise<Unreported> {
  const { level, seed, functions } = race.parameters;
  const named = decodeReplay(token, (mix) => functions(mix).length);
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

async function repeated(
  rehearsal: Rehearsal,
  seed: string,
  token: string,
  { functions, moves }: RaceMoves,
): Promise<Rehearsed> {
  const strategy = turnsStrategy(moves);
  try {
    const rehearsed = await rehearsal.perform(racePlan(seed, functions), strategy, 0);
    const steps = movesOf(rehearsed.performed).length;
    if (rehearsed.performed.interrupted) return rehearsed;
    if (rehearsed.performed.stuck === undefined && steps < moves.length)
      throw lostSchedule(
        token,
        `the functions had come to their end after ${steps} of its ${moves.length} steps`,
      );
    return rehearsed;
  } catch (error) {
    if (!(error instanceof ScheduleDivergence)) throw error;
    throw lostSchedule(
      token,
      whyLost(error, (session) => rehearsal.nameOf(functions[session] ?? session)),
    );
  }
}
