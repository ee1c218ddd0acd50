import { typeCode } from "../../history/history.ts";
import { edge } from "../graph/edge-type.ts";
import type { EdgeList } from "../graph/edge-list.ts";
import { noNode, type Transactions } from "./transactions.ts";

/**
 * Real-time order: a transaction that completed before another was invoked comes first. Instead of the
 * quadratic number of pairs, or one edge per pair of concurrent neighbours, completions lead to a chain
 * of helper nodes, one per moment at which invocations follow completions, and the chain leads to the
 * invocations: exactly the order, in at most three edges per transaction.
 *
 * Only committed transactions lead into the chain: one whose outcome is unknown may take effect at any
 * later time. Nothing leads to a completion without an invocation: nobody knows when it began.
 */
export function realtimeOrder({ history, node }: Transactions, edges: EdgeList): void {
  let waiting: number[] = [];
  let moment = -1;
  for (let row = 0; row < history.length; row++) {
    const started = startedBy(history.type[row] ?? 0, history.pair[row] ?? -1, row);
    const begins = started < 0 ? noNode : (node[started] ?? noNode);
    if (begins !== noNode) {
      if (waiting.length > 0) {
        const next = edges.helper();
        if (moment >= 0) edges.add(moment, next, edge.silent);
        for (const done of waiting) edges.add(done, next, edge.realtime);
        waiting = [];
        moment = next;
      }
      if (moment >= 0) edges.add(moment, begins, edge.silent);
    }
    const own = node[row] ?? noNode;
    if (own !== noNode && history.type[row] === typeCode.ok) waiting.push(own);
  }
}

/**
 * The same order in reduced form, among some of the transactions: from each committed one to those that
 * were invoked after it, until another that was invoked after it has committed. As many pairs as
 * transactions times those that run side by side.
 */
export function realtimePairs(
  { history, node, row }: Transactions,
  members: readonly number[],
): readonly (readonly [from: number, to: number])[] {
  const rows = new Set<number>();
  for (const member of members) {
    const at = row[member] ?? 0;
    rows.add(at);
    const pair = history.pair[at] ?? -1;
    if (pair >= 0) rows.add(pair);
  }
  const pairs: (readonly [number, number])[] = [];
  const before = new Map<number, ReadonlySet<number>>();
  let latest: ReadonlySet<number> = new Set();
  for (const at of [...rows].sort((a, b) => a - b)) {
    const started = startedBy(history.type[at] ?? 0, history.pair[at] ?? -1, at);
    const begins = started < 0 ? noNode : (node[started] ?? noNode);
    if (begins !== noNode) {
      before.set(begins, latest);
      for (const done of latest) pairs.push([done, begins]);
    }
    const own = node[at] ?? noNode;
    if (own === noNode || history.type[at] !== typeCode.ok) continue;
    const covered = before.get(own);
    latest = new Set([...latest].filter((done) => covered?.has(done) !== true)).add(own);
  }
  return pairs;
}

/** The row of the transaction that begins at this row: an invocation's completion, or itself; -1 for none. */
function startedBy(type: number, pair: number, row: number): number {
  if (type !== typeCode.invoke) return -1;
  return pair >= 0 ? pair : row;
}
