import { unconfirmed } from "./confirm-race.ts";
import { diagnose } from "./diagnose.ts";
import type { Race } from "../open-race.ts";
import { racePlan } from "./race-plan.ts";
import type { Rehearsal } from "../execution/race-rehearsal.ts";
import { inTime } from "../out-of-time.ts";
import type { RaceDiagnosis, RaceFinding } from "../race-result.ts";
import type { Searched } from "./race-search.ts";
import { provenByRows } from "../rows/race-rows.ts";
import { shrinkRace } from "./shrink-race.ts";
import { tellFault } from "../report/tell-race.ts";

/** Schedules that are tried with a remedy. */
const diagnosisSchedules = 100;

type Found = NonNullable<Searched["found"]>;

/** An execution that shows something. */
type Shown = Pick<Found, "fault" | "rehearsed">;

/**
 * What was found, made small, with where it comes from.
 *
 * @param before schedules of the mixes before
 * @returns a sentence where it proves nothing
 */
export async function findingOf(
  race: Race,
  rehearsal: Rehearsal,
  found: Found,
  before: number,
): Promise<RaceFinding | string> {
  // It is no longer than it must be, and to wait for its end again and again takes long.
  if (found.fault.kind === "deadlock")
    return { ...(await toldFinding(race, rehearsal, found, before + found.schedule)), diagnosis: undefined };
  const shown = race.options.shrink === false ? found : await smallest(race, rehearsal, found);
  const doubt = await unconfirmed({
    rehearsal,
    shown,
    seed: race.parameters.seed,
    judge: (again) => race.judge.judge(again),
    goesOn: () => race.goesOn(),
  });
  if (doubt !== undefined) return doubt;
  const told = await toldFinding(race, rehearsal, shown, before + found.schedule);
  const diagnosis =
    race.options.diagnose === false ? undefined : await diagnosisOf(race, rehearsal, found, shown);
  return { ...told, diagnosis };
}

/** An execution that shows something, as a result has it; not where it comes from. */
export async function toldFinding(
  race: Race,
  rehearsal: Rehearsal,
  { fault, rehearsed }: Shown,
  schedule: number,
): Promise<Omit<RaceFinding, "diagnosis">> {
  const { seed, functions } = race.parameters;
  const proven =
    rehearsed.performed.stuck === undefined
      ? await provenByRows(rehearsal, racePlan(seed, rehearsed.functions), rehearsed)
      : { anomalies: [], witnesses: [], history: undefined };
  return { ...tellFault(fault, rehearsed, functions(rehearsed.mix), schedule), ...proven };
}

function smallest(race: Race, rehearsal: Rehearsal, found: Found): Promise<Shown> {
  return shrinkRace({
    rehearsal,
    found,
    invariant: race.options.invariant,
    seed: race.parameters.seed,
    judge: (rehearsed) => inTime(race.judge.judge(rehearsed)),
    stop: race.limit.stop,
  });
}

function diagnosisOf(
  race: Race,
  { experiment }: Rehearsal,
  { fault }: Found,
  { rehearsed: shown }: Shown,
): Promise<RaceDiagnosis | undefined> {
  const { isOwn, dialect } = race.stage;
  const { functions, mix } = shown;
  return diagnose({
    fault,
    shown,
    experiment,
    isOwn,
    dialect,
    search: (changed, index) =>
      race.searchWith(changed, { functions, mix, schedules: diagnosisSchedules, index }),
    goesOn: () => race.goesOn(),
  });
}
