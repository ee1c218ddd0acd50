import { sizes } from "../../runner/shrink.ts";
import { endingText } from "./ending-text.ts";
import { errorText, oneLine } from "./error-text.ts";
import { lockStep } from "./lock-step.ts";
import { tellUnderWay } from "../out-of-time.ts";
import type { RaceFunction } from "../execution/race-execution.ts";
import type { RaceFault } from "../race-finding.ts";
import { racePlan } from "../search/race-plan.ts";
import type { Rehearsed } from "../execution/race-rehearsal.ts";
import type { RaceFinding } from "../race-result.ts";
import { movesOf, type Searched } from "../search/race-search.ts";
import { encodeRaceMoves } from "../search/race-token.ts";

/** What is told of a finding before anything is tried to learn more of it. */
export type ToldFault = Omit<RaceFinding, "diagnosis" | "anomalies" | "witnesses" | "history">;

/** A fault, and the execution that shows it, as a result has it. @param known all functions of the mix */
export function tellFault(
  fault: RaceFault,
  { performed, functions, execution, mix }: Rehearsed,
  known: readonly RaceFunction[],
  schedule: number,
): ToldFault {
  const names = functions.map((id) => known[id]?.name ?? `session ${id}`);
  const { statements, switches } = sizes(racePlan(performed.schedule.seed, functions), performed.schedule);
  return {
    kind: fault.kind,
    name: fault.name,
    message: fault.message,
    error: fault.error,
    schedule,
    replay: encodeRaceMoves({ mix, functions, moves: movesOf(performed) }),
    sessions: names,
    endings: execution.endings.map((ending, i) => endingText(names[i] ?? `session ${i}`, ending)),
    statements,
    switches,
    interleaving: lockStep(performed.trace, names),
  };
}

/** Why a search proves nothing; empty when it does. */
export function searchDoubts(searched: Searched): readonly string[] {
  const { controlled, unseen, stray, neverEnded, executed, stuck, underWay } = searched;
  if (executed === 0) return [`No schedule was executed, since there was no time${tellUnderWay(underWay)}`];
  const errors = neverEnded.map(
    ({ name, error }) => `${name} never came to its end. Its first error: ${errorText(error)}`,
  );
  if (!controlled) {
    const unless = errors.length === 0 ? ": " : ". If that does not come of these errors: ";
    return [...errors, `No statement of the sessions came by${unless}${whyUnseen}`];
  }
  if (errors.length > 0) return errors;
  if (unseen.length > 0) return unseen.map((name) => `No statement of ${name} came by: ${whyUnseen}`);
  if (stray !== undefined)
    return [
      `\`${oneLine(stray)}\` came over a connection of the sessions, and from none of them: code that something else calls, such as an HTTP server that was started before the race, is not taken step by step. Call it in the functions themselves, or start it in them.`,
    ];
  return stuck === undefined ? [] : [`A schedule was not carried out to its end: ${stuck}`];
}

const whyUnseen =
  "the driver is neither pg nor mysql2: pass the pool that the code uses; or the statements are sent outside of the function's own async calls, as from a queue or a loop that another session's call or the test has started: call in the function itself what sends them; or jest has forgotten the driver since it was loaded (resetModules): pass the pool, or load the code in the test itself.";
