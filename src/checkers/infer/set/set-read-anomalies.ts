import { mopKindCode } from "../../../history/history.ts";
import { type ElementTable, none, writerState } from "../element-table.ts";
import type { Findings } from "../finding.ts";
import type { Transactions } from "../transactions.ts";
import type { Unwritten } from "../unwritten.ts";
import { eachSetRead, type SetRead } from "./set-reads.ts";

/**
 * What single reads of sets prove: `G1a` (an element of a failed transaction), `internal` (the reader's
 * own earlier insert is missing), `future-read` (its own later insert shows), and `garbage-read` (an
 * element nobody inserted, where the run began with empty sets). Answers the first such element, however
 * the run began.
 */
export function setReadAnomalies(
  transactions: Transactions,
  adds: ElementTable,
  findings: Findings,
): Unwritten | null {
  const { history, row } = transactions;
  let unwritten: Unwritten | null = null;
  eachSetRead(transactions, (read) => {
    const { key, from, to } = read;
    const reader = row[read.node] ?? 0;
    for (let i = from; i < to; i++) {
      const element = history.listItems[i] ?? 0;
      const add = adds.find(key, element);
      if (add === none) {
        unwritten ??= { row: reader, key, element };
        if (history.beginning === "empty") findings.add("garbage-read", [reader], key, element);
      } else if (adds.state[add] === writerState.failed)
        findings.add("G1a", [reader, adds.row[add] ?? 0], key, element);
    }
    ownElements(transactions, read, findings);
  });
  return unwritten;
}

function ownElements({ history, row }: Transactions, read: SetRead, findings: Findings): void {
  const at = row[read.node] ?? 0;
  const items = history.listItems.subarray(read.from, read.to);
  for (let mop = history.mopStart[at] ?? 0; mop < (history.mopStart[at + 1] ?? 0); mop++) {
    if (history.mopKind[mop] !== mopKindCode.add || history.mopKey[mop] !== read.key) continue;
    const element = history.mopValue[mop] ?? 0;
    const shows = items.includes(element);
    if (mop < read.mop && !shows) findings.add("internal", [at], read.key, element);
    if (mop > read.mop && shows) findings.add("future-read", [at], read.key, element);
  }
}
