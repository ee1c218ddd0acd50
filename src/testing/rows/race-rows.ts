import type { Plan } from "../../generators/plan.ts";
import type { Move } from "../../scheduler/move.ts";
import { movesStrategy } from "../../scheduler/moves-strategy.ts";
import { ScheduleDivergence } from "../../scheduler/schedule-divergence.ts";
import type { RaceFault } from "../race-finding.ts";
import type { Rehearsal, Rehearsed } from "../execution/race-rehearsal.ts";
import type { RaceFinding } from "../race-result.ts";
import { oneLine } from "../report/error-text.ts";
import { rowAnomalies, shownOf } from "./row-anomalies.ts";
import type { UntoldRead } from "./untold-reads.ts";
import type { WatchedRows } from "./watched-rows.ts";

/** The first of these anomalies that an execution is proven to show. @param wanted canonical names */
export function forbiddenAnomaly(
  rows: WatchedRows | undefined,
  wanted: readonly string[],
): RaceFault | undefined {
  if (rows?.history === undefined || wanted.length === 0) return undefined;
  const found = rowAnomalies(rows);
  const shown = shownOf(wanted, found.names);
  if (shown === undefined) return undefined;
  const message = found.witnesses[found.names.indexOf(shown.as)] ?? shown.as;
  return { kind: "anomaly", name: shown.name, error: undefined, message };
}

/** Why an execution may show one of these anomalies, and it is not known. @param wanted canonical names */
export function untoldRows(rows: WatchedRows | undefined, wanted: readonly string[]): readonly string[] {
  if (rows === undefined) return [];
  const isLost = wanted.includes("lost-update");
  const others = wanted.filter((name) => name !== "lost-update" && name !== "G0");
  const untold = rows.untold.filter(({ mayLose }) => others.length > 0 || (isLost && mayLose));
  return [...rows.leftOut, ...(isLost ? rows.lostUpdates.doubts : []), ...untold.map(inWords)];
}

function inWords({ sql, table }: UntoldRead): string {
  return (
    `Which rows of ${table} \`${oneLine(sql)}\` has read is not known, and another session wrote ${table} meanwhile: ` +
    "whether that is one of these anomalies is not known. Select the columns of the rows themselves with their primary key, or judge that by an `invariant`."
  );
}

/**
 * What the rows of a found execution prove of it. Where nobody watched them, it is executed once more; where that
 * does not come out the same, nothing is proven.
 *
 * @param plan of the execution
 */
export async function provenByRows(
  rehearsal: Rehearsal,
  plan: Plan,
  { performed, rows }: Rehearsed,
): Promise<Pick<RaceFinding, "anomalies" | "witnesses" | "history">> {
  const moves = performed.schedule.steps.map(({ move }) => move);
  const watched = rows ?? (await watchedAgain(rehearsal, plan, moves));
  if (watched?.history === undefined) return { anomalies: [], witnesses: [], history: undefined };
  const { names, witnesses } = rowAnomalies(watched);
  return { anomalies: names, witnesses, history: watched.history };
}

async function watchedAgain(
  rehearsal: Rehearsal,
  plan: Plan,
  moves: readonly Move[],
): Promise<WatchedRows | undefined> {
  try {
    return (await rehearsal.perform(plan, movesStrategy(moves), 0, true)).rows;
  } catch (error) {
    if (error instanceof ScheduleDivergence) return undefined;
    throw error;
  }
}
