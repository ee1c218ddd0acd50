import { asItIs } from "./experiments/experiment.ts";
import { findingOf } from "./search/finding-of.ts";
import type { Race } from "./open-race.ts";
import { OutOfTime } from "./out-of-time.ts";
import { replayRace } from "./search/replay-race.ts";
import type { RaceFinding } from "./race-result.ts";
import type { Searched } from "./search/race-search.ts";
import { otherMix, type RunInTurn } from "./search/same-mix.ts";
import { nothingSearched, together } from "./search/searched-together.ts";
import { searchedResult, type Unreported } from "./report/unreported.ts";

/** Schedules of one mix of functions that is generated. */
const schedulesPerMix = 25;

/** What one mix of functions came to. */
interface MixOutcome {
  /** Undefined where nothing was searched. */
  readonly searched: Searched | undefined;
  /** A sentence where what was found, or the whole mix, proves nothing. */
  readonly finding: RaceFinding | string | undefined;
}

/** Searches a race, shrinks and diagnoses what is found; or executes the one schedule that is asked for. */
export async function raceOutcome(race: Race): Promise<Unreported> {
  const { schedules, generated, replay } = race.parameters;
  if (replay !== undefined) return replayRace(race, replay);
  let all: Searched | undefined;
  for (let mix = 0; ; mix++) {
    const before = all?.executed ?? 0;
    const limit = Math.min(schedules - before, generated ? schedulesPerMix : Infinity);
    const outcome = await mixOutcome(race, mix, before, limit).catch((error: unknown) => {
      if (all === undefined || !(error instanceof OutOfTime)) throw error;
      return { searched: undefined, finding: undefined };
    });
    const { searched, finding } = outcome;
    if (searched !== undefined) all = all === undefined ? searched : together(all, searched);
    const executed = all?.executed ?? 0;
    if (finding !== undefined || !generated || executed >= schedules || !race.goesOn())
      return searchedResult(race, all ?? nothingSearched, finding);
  }
}

/** @param before schedules of the mixes before @param limit at most so many of this one */
function mixOutcome(race: Race, mix: number, before: number, limit: number): Promise<MixOutcome> {
  const { level, generated, functions, drawnAgain, comparesOrders } = race.parameters;
  // An invariant may be given for functions that do not come to an end alone.
  const run: RunInTurn = (drawn) => race.inTurn(drawn);
  return race.rehearse({ experiment: asItIs(level), mix }, async (rehearsal) => {
    const unlike = generated
      ? await otherMix(
          functions(mix),
          drawnAgain(mix),
          comparesOrders(functions(mix).length) ? run : undefined,
        )
      : undefined;
    race.parameters.refuseLateDraws();
    if (unlike !== undefined) return { searched: undefined, finding: unlike };
    const search = await race.search(rehearsal, rehearsal.all, limit);
    const searched = { ...search, complete: search.complete && race.judge.comparesAnswers };
    const { found } = searched;
    const finding = found === undefined ? undefined : await findingOf(race, rehearsal, found, before);
    return { searched, finding };
  });
}
