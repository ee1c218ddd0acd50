import { sentBy, type SentStatement } from "../search/conduct.ts";
import type { RaceExecution } from "./race-execution.ts";

/** Why no serial order is wanted of what such statements lead to. */
export const aroundLocks =
  "No serial order leads to an outcome in which a statement went around the locks of others (SKIP LOCKED, NOWAIT, a lock that was only tried, or a wait that a timeout has ended): one after another nobody holds any, so that need not be wrong. " +
  "Say by an `invariant` what must hold, with `serializable: false`.";

/**
 * Whether some statement of an execution may have been answered otherwise because others held locks, without waiting for
 * them to the end.
 *
 * @param stored whether a statement leads to code in the database that may do so
 */
export function goesAroundLocks(
  { events, endings }: Pick<RaceExecution, "events" | "endings">,
  stored: (sql: string) => boolean,
): boolean {
  return endings.some((_, session) =>
    sentBy(events, session).some((statement) => goesAround(statement) || stored(statement.sql)),
  );
}

/** A NOWAIT that was not refused, and a lock that was tried by itself and got, is a lock like any other. */
function goesAround({ sql, result }: SentStatement): boolean {
  const code = result !== undefined && "error" in result ? result.error.code : undefined;
  if (code !== undefined && endedWaits.has(String(code))) return true;
  if (/\bskip\s+locked\b|\bis_(?:free|used)_lock\b|\bpg_locks\b/i.test(sql)) return true;
  const isRefused = result === undefined || "error" in result;
  // In a block the refusal may have been caught.
  if (/\bnowait\b/i.test(sql)) return isRefused || !/^[\s(]*(?:select|with|lock)\b/i.test(sql);
  return /\bpg_try_advisory|\bget_lock\b/i.test(sql) && !(triedAlone.test(sql) && gotAll(result));
}

/**
 * What a wait ends with that was not waited for to its end: in PostgreSQL `lock_not_available` and `query_canceled`; in
 * MySQL and MariaDB a timeout of a lock or of a statement, NOWAIT, and a statement that was broken off.
 */
const endedWaits: ReadonlySet<string> = new Set(["55P03", "57014", "1205", "1317", "1969", "3024", "3572"]);

/** A statement that answers whether it got one lock, and nothing else. */
const triedAlone =
  /^\s*select\s+(?:pg_catalog\.)?(?:pg_try_advisory\w+|get_lock)\s*\((?:[^()]|\([^()]*\))*\)(?:\s+as)?(?:\s+["`]?\w+["`]?)?\s*;?\s*$/i;

function gotAll(result: SentStatement["result"]): boolean {
  if (result === undefined || !("rows" in result)) return false;
  const values = result.rows.flatMap((row) => Object.values(row));
  return (
    values.length > 0 && values.every((value) => value === true || ["t", "true", "1"].includes(String(value)))
  );
}
