import { type History, mopKindCode, shapeCode, typeCode } from "../../history/history.ts";
import { readFrom, readTo } from "../infer/list/list-reads.ts";
import { absent, PairIndex } from "../infer/pair-index.ts";
import { noValue, rowValue } from "../infer/versioned/row-value.ts";
import { eachOperation, isUnknown } from "./client-operations.ts";
import { elementOf } from "./writes-by-key.ts";
import { written, writtenAs, writtenKeys } from "./written-keys.ts";

/** Instead of the row of a writer: it surely failed, or several wrote the same. */
const [byFailed, bySeveral] = [-2, -3];

/**
 * The operations of unknown outcome of which a committed operation read a write that nobody else made: they
 * committed. Where the level of the run hides what is not committed, and no committed read of the history shows
 * what a failed operation wrote, every read counts. Else only those at rest do, when nothing is under way any more,
 * and of a list only its last element: the others may have been read before they were committed, and written
 * back by somebody else.
 *
 * Rows that are read by a predicate are left out. Linear in the micro-operations and in the elements shown, those of
 * lists counted once where reads agree.
 *
 * @param rest the row of the first read at rest, or the length of the history
 * @returns the rows of their completions, or of their invocations where there is none
 */
export function seenWrites(history: History, rest: number): ReadonlySet<number> {
  const writers = writersOf(history);
  const anywhere = new Set<number>();
  const lasting = new Set<number>();
  let isDirty = showsUncommitted(history);
  eachShown(history, rest, (key, element, isLasting) => {
    const writer = writers.get(key, element);
    if (writer === byFailed) isDirty = true;
    if (writer < 0) return;
    anywhere.add(writer);
    if (isLasting) lasting.add(writer);
  });
  return isDirty ? lasting : anywhere;
}

/** Whether the level of the run may show what is not committed; nobody knows of a history of others. */
function showsUncommitted({ header }: History): boolean {
  if (header === null) return true;
  return header.isolation === "read-uncommitted" && header.database.kind !== "postgres";
}

/** The writers of what was not surely committed, by key and element. */
function writersOf(history: History): PairIndex {
  const index = new PairIndex();
  const eachElement = (use: (row: number, key: number, element: number) => void): void => {
    eachOperation(history, (row, source) => {
      for (let mop = history.mopStart[source] ?? 0; mop < (history.mopStart[source + 1] ?? 0); mop++) {
        if (writtenAs(history.mopKind[mop]) === 0) continue;
        const element = elementOf(history, mop);
        if (element >= 0) use(row, history.mopKey[mop] ?? 0, element);
      }
    });
  };
  eachElement((row, key, element) => {
    if (history.type[row] === typeCode.ok) return;
    const writer = isUnknown(history, row) ? row : byFailed;
    const known = index.get(key, element);
    index.set(key, element, known === absent || known === writer ? writer : bySeveral);
  });
  eachElement((row, key, element) => {
    if (history.type[row] === typeCode.ok && index.get(key, element) !== absent)
      index.set(key, element, bySeveral);
  });
  return index;
}

/**
 * Calls back with every element or value that a committed operation was shown, and whether it is at rest and
 * nobody's copy.
 */
function eachShown(
  history: History,
  rest: number,
  use: (key: number, element: number, isLasting: boolean) => void,
): void {
  const { mopStart, mopKind, mopKey, mopShape, listItems, type } = history;
  const kinds = writtenKeys(history);
  /** By key and beginning of a list: how far it was gone through. Lists that begin at one place agree. */
  const done = new PairIndex();
  eachOperation(history, (row) => {
    if (type[row] !== typeCode.ok) return;
    for (let mop = mopStart[row] ?? 0; mop < (mopStart[row + 1] ?? 0); mop++) {
      const [kind, key] = [mopKind[mop], mopKey[mop] ?? 0];
      if (kind !== mopKindCode.r && kind !== mopKindCode.rs) continue;
      if (kinds[key] === written.value) {
        const element = rowValue(history, mop, true)?.element ?? noValue;
        if (element >= 0) use(key, element, row >= rest);
      } else if (mopShape[mop] === shapeCode.list) {
        const [from, to] = [readFrom(history, mop), readTo(history, mop)];
        const known = Math.max(from, done.get(key, from));
        if (to > known) done.set(key, from, to);
        for (let item = row >= rest ? from : known; item < to; item++)
          use(key, listItems[item] ?? 0, row >= rest && (kind === mopKindCode.rs || item === to - 1));
      }
    }
  });
}
