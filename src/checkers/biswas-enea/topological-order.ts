import { initial, type RegisterHistory } from "./register-history.ts";
import { nobody } from "./sessions.ts";

const state = { unseen: 0, open: 1, done: 2 } as const;

/**
 * The nodes in an order in which each comes after those it reads from and follows in its session, as
 * close to the history's order as that allows; null where these go round in a circle. Depth-first along
 * the predecessors, without recursion; linear.
 */
export function topologicalOrder(history: RegisterHistory): Int32Array | null {
  const { transactions, sessions, readStart, readWriter } = history;
  const { count } = transactions;
  const order = new Int32Array(count);
  const seen = new Uint8Array(count);
  const path = new Int32Array(count);
  // The next read to follow; the session's predecessor comes before the first one.
  const cursor = new Int32Array(count);
  let size = 0;
  for (let root = 0; root < count; root++) {
    if (seen[root] !== state.unseen) continue;
    let depth = 0;
    path[0] = root;
    seen[root] = state.open;
    cursor[root] = (readStart[root] ?? 0) - 1;
    while (depth >= 0) {
      const node = path[depth] ?? 0;
      const at = cursor[node] ?? 0;
      if (at >= (readStart[node + 1] ?? 0)) {
        seen[node] = state.done;
        order[size++] = node;
        depth--;
        continue;
      }
      cursor[node] = at + 1;
      const isSession = at < (readStart[node] ?? 0);
      const before = isSession ? (sessions.previous[node] ?? nobody) : (readWriter[at] ?? initial);
      if (before < 0 || seen[before] === state.done) continue;
      if (seen[before] === state.open) return null;
      seen[before] = state.open;
      cursor[before] = (readStart[before] ?? 0) - 1;
      path[++depth] = before;
    }
  }
  return order;
}
