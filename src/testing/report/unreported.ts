import type { Race } from "../open-race.ts";
import type { RaceResult } from "../race-result.ts";
import type { Searched } from "../search/race-search.ts";
import { searchDoubts } from "./tell-race.ts";

/** A result without its text. */
export type Unreported = Omit<RaceResult, "report">;

/** What came of a race. */
export interface Outcome extends Pick<RaceResult, "schedules" | "distinct" | "complete" | "finding"> {
  /** Why it proves nothing where nothing was found. */
  readonly doubts: readonly string[];
  /** What is to be known besides. */
  readonly notes: readonly string[];
}

/** What a race came to, with what was held. */
export function unreported(
  { parameters, stage, limit, judge, levels }: Race,
  { finding, doubts, notes, ...how }: Outcome,
): Unreported {
  const { kind, version } = stage.database;
  return {
    valid: finding !== undefined ? false : doubts.length === 0 ? true : ("unknown" as const),
    notes: finding === undefined ? [...doubts, ...notes, ...judge.caveats] : notes,
    database: { kind, version },
    isolation: parameters.level,
    levels,
    seed: parameters.seed,
    ...how,
    timedOut: limit.timedOut,
    finding,
  };
}

/** What a search came to. @param finding a sentence where what was found proves nothing */
export function searchedResult(
  race: Race,
  searched: Searched,
  finding: RaceResult["finding"] | string,
): Unreported {
  const { executed: schedules, distinct, complete, gaps } = searched;
  const how = { schedules, distinct, complete, notes: finding === undefined ? gaps : [] };
  if (typeof finding === "string") return unreported(race, { ...how, finding: undefined, doubts: [finding] });
  const doubts = [...searchDoubts(searched), ...race.judge.doubts, ...race.judge.unwatched];
  return unreported(race, { ...how, finding, doubts });
}
