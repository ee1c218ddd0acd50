import { type History, mopKindCode, typeCode } from "../../history/history.ts";
import { mopValueAt } from "../../history/operation-at.ts";
import { listOf } from "./json-members.ts";

/** One attempt at a planned operation that has ended. */
export interface AttemptMade {
  /** Row of the completion; of the invocation where nothing tells of an end. */
  readonly row: number;
  readonly ending: "ok" | "fail" | "info";
}

/** A planned operation with all attempts at it that a history tells of. */
export interface PlannedWork {
  /** The part that the ids of its attempts share. */
  readonly operation: string;
  /** In row order; at least one. */
  readonly attempts: readonly AttemptMade[];
}

/**
 * Which attempts belong together: those by clients that write their own id, `<operation>.<attempt>`, into
 * a register, a list or a set, as what they write first, or were to write it when they were invoked: one that
 * committed may have found nothing to write. Others are left out. Linear.
 */
export function plannedWork(history: History): readonly PlannedWork[] {
  const found = new Map<string, AttemptMade[]>();
  for (let row = 0; row < history.length; row++) {
    const ending = endingOf(history, row);
    if (ending === null || (history.process[row] ?? -1) < 0) continue;
    const operation = operationWritten(history, row) ?? operationWritten(history, history.pair[row] ?? -1);
    if (operation === null) continue;
    const attempts = found.get(operation) ?? [];
    attempts.push({ row, ending });
    found.set(operation, attempts);
  }
  return [...found].map(([operation, attempts]) => ({ operation, attempts }));
}

/** An invocation that something completes has no ending of its own. */
function endingOf({ type, pair }: History, row: number): AttemptMade["ending"] | null {
  if (type[row] === typeCode.ok) return "ok";
  if (type[row] === typeCode.fail) return "fail";
  return type[row] === typeCode.info || pair[row] === -1 ? "info" : null;
}

const writes: ReadonlySet<number> = new Set([mopKindCode.w, mopKindCode.append, mopKindCode.add]);

function operationWritten(history: History, row: number): string | null {
  if (row < 0) return null;
  for (let mop = history.mopStart[row] ?? 0; mop < (history.mopStart[row + 1] ?? 0); mop++) {
    if (!writes.has(history.mopKind[mop] ?? -1)) continue;
    const value = mopValueAt(history, mop);
    const written = listOf(value)[1] ?? value;
    const id = typeof written === "string" ? /^(\d+)\.\d+$/.exec(written) : null;
    return id?.[1] ?? null;
  }
  return null;
}
