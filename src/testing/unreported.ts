import type { Race } from "./open-race.ts";
import type { RaceResult } from "./race-result.ts";

/** A result without its text. */
export type Unreported = Omit<RaceResult, "report">;

/** What a race came to. @param notes why it is unknown, if nothing was found; a replay proves what it shows all the same */
export function unreported(
  { parameters, stage, limit, caveats }: Race,
  how: Pick<RaceResult, "schedules" | "distinct" | "complete">,
  finding: RaceResult["finding"],
  notes: readonly string[],
): Unreported {
  const proves = notes.length === 0 || parameters.replay !== undefined;
  const { kind, version } = stage.database;
  return {
    valid: finding !== undefined ? false : proves ? true : ("unknown" as const),
    notes: finding === undefined ? [...notes, ...caveats] : notes,
    database: { kind, version },
    isolation: parameters.level,
    seed: parameters.seed,
    ...how,
    timedOut: limit.timedOut,
    finding,
  };
}
