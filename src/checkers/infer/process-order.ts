import { edge } from "../graph/edge-type.ts";
import type { EdgeList } from "../graph/edge-list.ts";
import { withoutSessionOrder } from "./self-overlapping.ts";
import type { Transactions } from "./transactions.ts";

/**
 * Session order: an edge from each committed transaction to the next one of its process, unless the process
 * has none. Linear.
 */
export function processOrder({ history, count, row, committed }: Transactions, edges: EdgeList): void {
  const last = new Map<number, number>();
  const unordered = withoutSessionOrder(history);
  for (let node = 0; node < count; node++) {
    const process = history.process[row[node] ?? 0] ?? 0;
    if (committed[node] !== 1 || unordered.has(process)) continue;
    const previous = last.get(process);
    if (previous !== undefined) edges.add(previous, node, edge.process);
    last.set(process, node);
  }
}
