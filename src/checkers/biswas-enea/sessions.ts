import { selfOverlapping } from "../infer/self-overlapping.ts";
import type { Transactions } from "../infer/transactions.ts";

/** No transaction. */
export const nobody = -1;

/** Session order over the nodes of a history. */
export interface Sessions {
  readonly count: number;
  /** Session of each node. */
  readonly of: Int32Array;
  /** The transaction right before each node in session order, or {@link nobody}. */
  readonly previous: Int32Array;
  /** Session s holds `node[start[s]]` to `node[start[s + 1]]` (exclusive), in order. */
  readonly start: Uint32Array;
  readonly node: Int32Array;
}

/**
 * A session is a process: its `ok` transactions follow each other. One of unknown outcome comes after
 * the `ok` transactions of its process that had completed when it was invoked, and before nothing, so
 * it is a session of its own with a {@link Sessions.previous}. Where a process overlaps with itself, no
 * order is claimed. Linear.
 */
export function sessions({ history, count, row, committed }: Transactions): Sessions {
  const previous = new Int32Array(count).fill(nobody);
  const of = new Int32Array(count);
  const last = new Map<number, number>();
  const unordered = selfOverlapping(history);
  let sessionCount = 0;
  for (let node = 0; node < count; node++) {
    const at = row[node] ?? 0;
    const process = history.process[at] ?? 0;
    const before = last.get(process) ?? nobody;
    const ordered = before !== nobody && !unordered.has(process);
    if (ordered) previous[node] = before;
    const continues = ordered && committed[node] === 1;
    of[node] = continues ? (of[before] ?? 0) : sessionCount++;
    if (committed[node] === 1) last.set(process, node);
  }
  return { count: sessionCount, of, previous, ...grouped(of, sessionCount) };
}

function grouped(of: Int32Array, count: number): Pick<Sessions, "start" | "node"> {
  const start = new Uint32Array(count + 1);
  for (const session of of) start[session + 1] = (start[session + 1] ?? 0) + 1;
  for (let s = 0; s < count; s++) start[s + 1] = (start[s + 1] ?? 0) + (start[s] ?? 0);
  const next = start.slice();
  const node = new Int32Array(of.length);
  for (let v = 0; v < of.length; v++) {
    const session = of[v] ?? 0;
    const at = next[session] ?? 0;
    node[at] = v;
    next[session] = at + 1;
  }
  return { start, node };
}
