import { asItIs } from "./experiments/experiment.ts";
import { findingOf } from "./finding-of.ts";
import type { Race } from "./open-race.ts";
import { replayRace } from "./replay-race.ts";
import type { RaceFinding } from "./race-result.ts";
import type { Searched } from "./race-search.ts";
import { together } from "./searched-together.ts";
import { searchDoubts } from "./tell-race.ts";
import { unreported, type Unreported } from "./unreported.ts";

/** Schedules of one mix of functions that is generated. */
const schedulesPerMix = 25;

/** Searches a race, shrinks and diagnoses what is found; or executes the one schedule that is asked for. */
export async function raceOutcome(race: Race): Promise<Unreported> {
  const { level, schedules, generated, replay } = race.parameters;
  if (replay !== undefined) return replayRace(race, replay);
  let all: Searched | undefined;
  for (let mix = 0; ; mix++) {
    const before = all?.executed ?? 0;
    const limit = Math.min(schedules - before, generated ? schedulesPerMix : Infinity);
    const { searched, finding } = await race.rehearse(
      { experiment: asItIs(level), mix },
      async (rehearsal) => {
        const searched = await race.search(rehearsal, rehearsal.all, limit);
        const { found } = searched;
        const finding = found === undefined ? undefined : await findingOf(race, rehearsal, found, before);
        return { searched, finding };
      },
    );
    all = all === undefined ? searched : together(all, searched);
    if (finding !== undefined || !generated || all.executed >= schedules || !race.goesOn())
      return answer(race, all, finding);
  }
}

function answer(race: Race, searched: Searched, finding: RaceFinding | undefined): Unreported {
  const { executed: schedules, distinct, complete } = searched;
  const notes = finding === undefined ? [...searchDoubts(searched), ...race.doubts] : [];
  return unreported(race, { schedules, distinct, complete }, finding, notes);
}
