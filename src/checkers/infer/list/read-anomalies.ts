import type { Findings } from "../finding.ts";
import { type ElementTable, none, writerState } from "../element-table.ts";
import type { Transactions } from "../transactions.ts";
import { readFrom, readTo } from "./list-reads.ts";
import { eachSureRead } from "./sure-readers.ts";
import { never, type VersionOrders } from "./version-orders.ts";

/**
 * What single reads prove: `incompatible-order`, `duplicate-elements`, `G1a` (an element of a failed
 * transaction, Adya, Liskov and O'Neil 2000, section 5.2) and `G1b` (the last element is one that its writer followed
 * with another, 4.2.3). The last two only of transactions that are known to have committed by
 * themselves. A read that is a prefix of the longest one is judged in constant time.
 */
export function readAnomalies(
  transactions: Transactions,
  appends: ElementTable,
  orders: VersionOrders,
  findings: Findings,
): void {
  const { history, row, committed } = transactions;
  const { listItems } = history;
  const toldOrder = new Set<number>();
  eachSureRead(transactions, orders.sure, (mop, node) => {
    const from = readFrom(history, mop);
    const to = readTo(history, mop);
    if (from === to) return;
    const key = history.mopKey[mop] ?? 0;
    const reader = row[node] ?? 0;
    const prefix = orders.isPrefix[mop] === 1;
    if (!prefix && !toldOrder.has(key)) {
      toldOrder.add(key);
      findings.add("incompatible-order", [reader, orders.longestRow[key] ?? 0], key);
    }
    if (!prefix || to - from > (orders.firstRepeat[key] ?? never)) {
      const element = repeated(listItems, from, to);
      if (element !== none) findings.add("duplicate-elements", [reader], key, element);
    }
    if (committed[node] !== 1) return;
    if (!prefix || to - from > (orders.firstFailed[key] ?? never)) {
      const append = firstFailed(listItems, from, to, appends, key);
      if (append !== none)
        findings.add("G1a", [reader, appends.row[append] ?? 0], key, appends.element[append] ?? 0);
    }
    const last = prefix ? orders.appendAt(key, to - from - 1) : appends.find(key, listItems[to - 1] ?? 0);
    if (last !== none && appends.next[last] !== none && appends.row[last] !== reader)
      findings.add("G1b", [reader, appends.row[last] ?? 0], key, appends.element[last] ?? 0);
  });
}

/**
 * `dirty-update`: in the version order of a key, a failed transaction's append is followed by a
 * committed one (those of unknown outcome between them are passed over).
 */
export function dirtyUpdates(
  { history }: Transactions,
  appends: ElementTable,
  orders: VersionOrders,
  findings: Findings,
): void {
  for (let key = 0; key < history.keys.length; key++) {
    if (orders.firstFailed[key] === never) continue;
    let failed: number = none;
    for (let at = 0; at < (orders.longestLength[key] ?? 0); at++) {
      const append = orders.appendAt(key, at);
      if (append === none || orders.position[append] !== at) continue;
      const state = appends.state[append];
      if (state === writerState.failed && failed === none) failed = append;
      if (state !== writerState.committed) continue;
      if (failed !== none)
        findings.add(
          "dirty-update",
          [appends.row[failed] ?? 0, appends.row[append] ?? 0],
          key,
          appends.element[append] ?? 0,
        );
      failed = none;
    }
  }
}

function repeated(items: Uint32Array, from: number, to: number): number {
  const seen = new Set<number>();
  for (let i = from; i < to; i++) {
    const element = items[i] ?? 0;
    if (seen.has(element)) return element;
    seen.add(element);
  }
  return none;
}

function firstFailed(
  items: Uint32Array,
  from: number,
  to: number,
  appends: ElementTable,
  key: number,
): number {
  for (let i = from; i < to; i++) {
    const append = appends.find(key, items[i] ?? 0);
    if (append !== none && appends.state[append] === writerState.failed) return append;
  }
  return none;
}
