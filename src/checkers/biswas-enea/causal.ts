import { chainSegments } from "./chain-segments.ts";
import { type CausalPast, causalPasts, chainsPerPass, unchained } from "./chains.ts";
import { ForcedOrder } from "./forced-order.ts";
import { overMarked } from "./marked.ts";
import { overSessions } from "./read-atomic.ts";
import { initial, type RegisterHistory } from "./register-history.ts";
import { topologicalOrder } from "./topological-order.ts";

/**
 * What causal consistency forces (Biswas and Enea 2019, section 2, axiom Causal): a transaction that
 * reads x from t1 puts every t2 that wrote x too before t1, if t2 comes before the reader over any number
 * of reads and session steps.
 *
 * Follows AWDIT's algorithm for causal consistency (Møldrup and Pavlogiannis 2025): of the writers of x
 * on one chain of transactions only the last one before the reader counts, and what reads and sessions
 * order anyway is left out. O(n k log n) for k chains (see {@link causalPasts}). Where reads and sessions
 * themselves go round in a circle nothing is forced: that alone breaks every model.
 */
export function causal(history: RegisterHistory): ForcedOrder {
  const forced = new ForcedOrder();
  const order = topologicalOrder(history);
  if (order === null) return forced;
  overSessions(history, forced);
  const segments = chainSegments(history, order);
  for (const past of causalPasts(history, order, segments)) overChains(history, order, past, forced);
  overMarked(history, order, segments.marked, forced);
  return forced;
}

function overChains(
  history: RegisterHistory,
  order: Int32Array,
  pasts: CausalPast,
  forced: ForcedOrder,
): void {
  const { transactions, readStart, readKey, readWriter } = history;
  const { past, position } = pasts;
  const { start, writer } = writersByChain(history, order, pasts);
  for (let node = 0; node < transactions.count; node++) {
    const base = node * chainsPerPass;
    for (let read = readStart[node] ?? 0; read < (readStart[node + 1] ?? 0); read++) {
      const key = readKey[read] ?? 0;
      const source = readWriter[read] ?? initial;
      for (let c = 0; c < chainsPerPass; c++) {
        const known = past[base + c] ?? 0;
        const slot = key * chainsPerPass + c;
        const from = start[slot] ?? 0;
        const to = start[slot + 1] ?? 0;
        if (known === 0 || from === to) continue;
        const last = lastUpTo(writer, position, from, to, known);
        if (last === unchained || last === source) continue;
        if (source !== initial && (past[source * chainsPerPass + c] ?? 0) >= (position[last] ?? 0)) continue;
        forced.add(last, source, node, key);
      }
    }
  }
}

interface WritersByChain {
  /** The writers of key k on chain c are entries from `start[k * chainsPerPass + c]` to the next, in order. */
  readonly start: Uint32Array;
  readonly writer: Int32Array;
}

function writersByChain(
  { transactions, writeStart, writeKey }: RegisterHistory,
  order: Int32Array,
  { chain }: CausalPast,
): WritersByChain {
  const slots = transactions.history.keys.length * chainsPerPass;
  const start = new Uint32Array(slots + 2);
  eachWrite((slot) => {
    start[slot + 2] = (start[slot + 2] ?? 0) + 1;
  });
  for (let slot = 0; slot < slots; slot++) start[slot + 2] = (start[slot + 2] ?? 0) + (start[slot + 1] ?? 0);
  const writer = new Int32Array(start[slots + 1] ?? 0);
  // Filling moves each start, kept one further on, to where the next one begins.
  eachWrite((slot, node) => {
    const at = start[slot + 1] ?? 0;
    writer[at] = node;
    start[slot + 1] = at + 1;
  });
  return { start, writer };

  function eachWrite(use: (slot: number, node: number) => void): void {
    for (const node of order) {
      const c = chain[node] ?? unchained;
      if (c === unchained) continue;
      for (let write = writeStart[node] ?? 0; write < (writeStart[node + 1] ?? 0); write++)
        use((writeKey[write] ?? 0) * chainsPerPass + c, node);
    }
  }
}

/** The last of the writers whose position is at most `known`, or `unchained`. */
function lastUpTo(writer: Int32Array, position: Int32Array, from: number, to: number, known: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((position[writer[middle] ?? 0] ?? 0) <= known) low = middle + 1;
    else high = middle;
  }
  return low === from ? unchained : (writer[low - 1] ?? unchained);
}
