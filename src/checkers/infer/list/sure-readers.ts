import { mopKindCode, shapeCode } from "../../../history/history.ts";
import { type ElementTable, writerState } from "../element-table.ts";
import type { Transactions } from "../transactions.ts";
import { isRead, readFrom, readTo } from "./list-reads.ts";

/**
 * Marks the transactions whose reads prove something: the committed ones, and those of unknown outcome
 * that committed after all, because a marked transaction saw an element of theirs. The reads of any
 * other transaction of unknown outcome may be of one that aborted, which nothing obliges to be consistent.
 *
 * Costs nothing where no transaction of unknown outcome tells what it read; else linear in the elements
 * of all reads.
 */
export function sureReaders(transactions: Transactions, appends: ElementTable): Uint8Array {
  const { history, row, committed } = transactions;
  const doubted = appendsOfDoubted(transactions, appends);
  if (doubted.size === 0) return committed;
  const sure = committed.slice();
  const queue = [...row.keys()].filter((node) => sure[node] === 1);
  for (const node of queue) {
    const at = row[node] ?? 0;
    for (let mop = history.mopStart[at] ?? 0; mop < (history.mopStart[at + 1] ?? 0); mop++) {
      const writers = isRead(history, mop) ? doubted.get(history.mopKey[mop] ?? 0) : undefined;
      if (writers === undefined) continue;
      for (let item = readFrom(history, mop); item < readTo(history, mop); item++) {
        const writer = writers.get(history.listItems[item] ?? 0);
        if (writer === undefined || sure[writer] === 1) continue;
        sure[writer] = 1;
        queue.push(writer);
      }
    }
  }
  return sure;
}

/**
 * Calls back with every read that proves something, in order: those of the committed, and of the other
 * marked transactions those that tell what they read.
 * @param sure marks as of `sureReaders`
 */
export function eachSureRead(
  { history, count, row, committed }: Transactions,
  sure: Uint8Array,
  use: (mop: number, node: number) => void,
): void {
  for (let node = 0; node < count; node++) {
    if (sure[node] !== 1) continue;
    const at = row[node] ?? 0;
    const end = history.mopStart[at + 1] ?? 0;
    for (let mop = history.mopStart[at] ?? 0; mop < end; mop++)
      if (isRead(history, mop) && (committed[node] === 1 || history.mopShape[mop] === shapeCode.list))
        use(mop, node);
  }
}

/** By key and element, the nodes of unknown outcome that tell what they read. */
function appendsOfDoubted(
  { history, row, node, committed }: Transactions,
  appends: ElementTable,
): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const tells = new Uint8Array(row.length);
  let any = false;
  for (let n = 0; n < row.length; n++) {
    if (committed[n] === 1) continue;
    const at = row[n] ?? 0;
    for (let mop = history.mopStart[at] ?? 0; mop < (history.mopStart[at + 1] ?? 0); mop++)
      if (history.mopKind[mop] === mopKindCode.r && history.mopShape[mop] === shapeCode.list) tells[n] = 1;
    any ||= tells[n] === 1;
  }
  const found = new Map<number, Map<number, number>>();
  if (!any) return found;
  for (let append = 0; append < appends.length; append++) {
    const writer = node[appends.row[append] ?? 0] ?? -1;
    if (appends.state[append] !== writerState.unknown || tells[writer] !== 1) continue;
    const key = appends.key[append] ?? 0;
    const ofKey = found.get(key) ?? new Map<number, number>();
    found.set(key, ofKey.set(appends.element[append] ?? 0, writer));
  }
  return found;
}
