import { type History, mopKindCode, shapeCode, typeCode } from "../../history/history.ts";
import { readFrom, readTo } from "../infer/list/list-reads.ts";
import { absent, PairIndex } from "../infer/pair-index.ts";
import { noValue, rowValue } from "../infer/versioned/row-value.ts";
import { type ClientOperations, isUnknown } from "./client-operations.ts";
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
export function seenWrites(
  history: History,
  operations: ClientOperations,
  rest: number,
): ReadonlySet<number> {
  const { isDoubtful, index } = writersOf(history, operations);
  const anywhere = new Set<number>();
  const lasting = new Set<number>();
  let isDirty = showsUncommitted(history);
  eachShown(history, operations, rest, (key, element, isLasting) => {
    if (isDoubtful[element] === 0) return;
    const writer = index.get(key, element);
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

/** The writers of what was not surely committed. */
interface Writers {
  /** By position in values: 1 for what such a writer wrote, to whatever key. */
  readonly isDoubtful: Uint8Array;
  /** By key and element: the row of the writer, {@link byFailed} or {@link bySeveral}. */
  readonly index: PairIndex;
}

function writersOf(history: History, operations: ClientOperations): Writers {
  const { mopStart, mopKind, mopKey, type } = history;
  const isDoubtful = new Uint8Array(history.values.length);
  const index = new PairIndex();
  const pass = (committed: boolean): void => {
    for (let operation = 0; operation < operations.count; operation++) {
      const row = operations.row[operation] ?? 0;
      if ((type[row] === typeCode.ok) !== committed) continue;
      const at = operations.source[operation] ?? 0;
      for (let mop = mopStart[at] ?? 0; mop < (mopStart[at + 1] ?? 0); mop++) {
        if (writtenAs[mopKind[mop] ?? 0] === 0) continue;
        const element = elementOf(history, mop);
        if (element < 0 || (committed && isDoubtful[element] === 0)) continue;
        const key = mopKey[mop] ?? 0;
        const known = index.get(key, element);
        const writer = isUnknown(history, row) ? row : byFailed;
        if (committed) {
          if (known !== absent) index.set(key, element, bySeveral);
        } else index.set(key, element, known === absent || known === writer ? writer : bySeveral);
        isDoubtful[element] = 1;
      }
    }
  };
  pass(false);
  pass(true);
  return { isDoubtful, index };
}

/**
 * Calls back with every element or value that a committed operation was shown, and whether it is at rest and
 * nobody's copy.
 */
function eachShown(
  history: History,
  operations: ClientOperations,
  rest: number,
  use: (key: number, element: number, isLasting: boolean) => void,
): void {
  const { mopStart, mopKind, mopKey, mopShape, listItems, type } = history;
  const kinds = writtenKeys(history, operations);
  /** By key and beginning of a list: how far it was gone through. Lists that begin at one place agree. */
  const done = new PairIndex();
  for (const row of operations.row) {
    if (type[row] !== typeCode.ok) continue;
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
  }
}
