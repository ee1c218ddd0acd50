import { type History, typeCode } from "../history/history.ts";
import { clientOperations, isUnknown } from "./at-rest/client-operations.ts";
import { type VanishedWrites, vanishedWrites } from "./at-rest/vanished-writes.ts";
import { writtenAs } from "./at-rest/written-keys.ts";
import { defaultModel } from "./default-model.ts";
import { prohibited } from "./models/boundary.ts";
import { seenWrites } from "./at-rest/seen-writes.ts";

/**
 * What the operations of unknown outcome turned out to be: those of clients that ended in `info` or never. What an
 * operation would have written counts as its invocation states it.
 */
export interface UnknownOutcomes {
  /** A write of it was read: at rest, or by a transaction that saw only what was committed. */
  readonly happened: number;
  /** It writes, and none of its writes was ever committed, or the database lost them. */
  readonly didNot: number;
  /** It may have happened, and what it wrote may have been replaced; or it does not say what it does. */
  readonly unknowable: number;
  /** It only reads, so it makes no difference. */
  readonly readOnly: number;
}

/**
 * Decides each operation of unknown outcome; undefined where there is none. One write that was read is enough, since
 * a database may break atomicity; that it did not happen takes the absence of all its writes, by the rules of
 * `vanishedWrites` or, for appends to lists, because the level of the run forbids lost updates. Linear in the history
 * and the elements that its reads show.
 */
export function unknownOutcomes(history: History): UnknownOutcomes | undefined {
  const operations = clientOperations(history);
  if (!operations.row.some((row) => isUnknown(history, row))) return undefined;
  const vanished = vanishedWrites(history);
  const seen = seenWrites(history, operations, vanished?.rest.from ?? history.length);
  const gone = goneByRow(history, vanished);
  const count = { happened: 0, didNot: 0, unknowable: 0, readOnly: 0 };
  operations.row.forEach((row, operation) => {
    if (!isUnknown(history, row)) return;
    const [all, writes] = sizes(history, operations.source[operation] ?? 0);
    if (seen.has(row)) count.happened++;
    else if (all > 0 && writes === 0) count.readOnly++;
    else if (writes > 0 && gone.get(row) === writes) count.didNot++;
    else count.unknowable++;
  });
  return count;
}

/** How many micro-operations an operation has, and how many of them write. */
function sizes({ mopStart, mopKind }: History, source: number): readonly [all: number, writes: number] {
  const [from, to] = [mopStart[source] ?? 0, mopStart[source + 1] ?? 0];
  let writes = 0;
  for (let mop = from; mop < to; mop++) if (writtenAs[mopKind[mop] ?? 0] !== 0) writes++;
  return [to - from, writes];
}

/** How many writes of each operation were surely never committed, or lost. */
function goneByRow(history: History, vanished: VanishedWrites | null): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  if (vanished === null) return counts;
  const { gone, unlisted, writes } = vanished;
  const isKept = keepsAppends(history, vanished);
  for (let write = 0; write < gone.length; write++) {
    const row = writes.row[write] ?? 0;
    if (gone[write] === 1 || (isKept && unlisted[write] === 1)) counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  return counts;
}

/**
 * Whether nobody can have written over an element of a list: the level of the run forbids lost updates, and every
 * append that was acknowledged is there, so that nothing says that the database does not keep the promise.
 */
function keepsAppends(history: History, { unlisted, writes }: VanishedWrites): boolean {
  if (!lostUpdateIsForbidden(history)) return false;
  return unlisted.every(
    (isAbsent, write) => isAbsent === 0 || history.type[writes.row[write] ?? 0] !== typeCode.ok,
  );
}

function lostUpdateIsForbidden({ header }: History): boolean {
  return header !== null && prohibited(defaultModel(header)).has("lost-update");
}
