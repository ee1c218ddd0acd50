import { sentBy, type SentStatement } from "../search/conduct.ts";
import type { RaceExecution } from "./race-execution.ts";

/** Why no serial order is wanted of what such statements lead to. */
export const aroundLocks =
  "No serial order leads to an outcome in which a statement went around the locks of others (SKIP LOCKED, NOWAIT, or a lock that was only tried): one after another nobody holds any, so that need not be wrong. " +
  "Say by an `invariant` what must hold, with `serializable: false`.";

/** Whether some statement of an execution may have been answered otherwise because others held locks, without waiting for them. */
export function goesAroundLocks({ events, endings }: Pick<RaceExecution, "events" | "endings">): boolean {
  return endings.some((_, session) => sentBy(events, session).some(goesAround));
}

/** A NOWAIT that was not refused, and a lock that was tried and got, is a lock like any other. */
function goesAround({ sql, result }: SentStatement): boolean {
  if (/\bskip\s+locked\b|\bis_(?:free|used)_lock\b|\bpg_locks\b/i.test(sql)) return true;
  const isRefused = result === undefined || "error" in result;
  if (/\bnowait\b/i.test(sql)) return isRefused;
  return /\bpg_try_advisory|\bget_lock\b/i.test(sql) && (isRefused || !gotAll(result));
}

function gotAll(result: SentStatement["result"]): boolean {
  if (result === undefined || !("rows" in result)) return false;
  return result.rows.every((row) =>
    Object.values(row).every((value) => value !== null && Number(value) !== 0),
  );
}
