import { ForcedOrder } from "./forced-order.ts";
import { initial, type RegisterHistory } from "./register-history.ts";
import { nobody } from "./sessions.ts";
import { WrittenKeys } from "./written-keys.ts";

/**
 * What read atomic forces (Biswas and Enea 2019, section 2, axiom Read Atomic): a transaction that reads
 * x from t1 puts every t2 that wrote x too before t1, if it reads anything from t2 or follows it in its
 * session.
 *
 * Follows AWDIT's algorithm for read atomic (Møldrup and Pavlogiannis 2025). O(n^1.5) in the
 * micro-operations, linear where transactions are short.
 */
export function readAtomic(history: RegisterHistory): ForcedOrder {
  const forced = new ForcedOrder();
  overReads(history, forced);
  overSessions(history, forced);
  return forced;
}

/** t2 is read from. */
function overReads(history: RegisterHistory, forced: ForcedOrder): void {
  const { transactions, readStart, readKey, readWriter } = history;
  const written = new WrittenKeys(history);
  const keys = transactions.history.keys.length;
  const reader = new Int32Array(keys).fill(nobody);
  const source = new Int32Array(keys);
  const distinct = new Int32Array(keys);
  const met = new Int32Array(transactions.count).fill(nobody);
  for (let node = 0; node < transactions.count; node++) {
    const from = readStart[node] ?? 0;
    const to = readStart[node + 1] ?? 0;
    if (to - from < 2) continue;
    let size = 0;
    for (let read = from; read < to; read++) {
      const key = readKey[read] ?? 0;
      const writer = readWriter[read] ?? initial;
      if (reader[key] !== node) {
        reader[key] = node;
        source[key] = writer;
        distinct[size++] = key;
      } else {
        // A key read from two transactions puts each before the other; the second's turn comes below.
        const first = source[key] ?? initial;
        if (first !== writer && first !== initial) forced.add(first, writer, node, key);
      }
    }
    for (let read = from; read < to; read++) {
      const writer = readWriter[read] ?? initial;
      if (writer === initial || met[writer] === node) continue;
      met[writer] = node;
      written.common(
        writer,
        distinct,
        size,
        (key) => reader[key] === node,
        (key) => {
          if (source[key] !== writer) forced.add(writer, source[key] ?? initial, node, key);
        },
      );
    }
  }
}

/**
 * t2 came before in the session. Only the last that wrote the key counts: the session orders those
 * before it. Also part of causal consistency.
 */
export function overSessions(history: RegisterHistory, forced: ForcedOrder): void {
  const { transactions, sessions, readStart, readKey, readWriter, writeStart, writeKey } = history;
  const keys = transactions.history.keys.length;
  const session = new Int32Array(keys).fill(nobody);
  const lastWriter = new Int32Array(keys);
  for (let s = 0; s < sessions.count; s++) {
    for (let at = sessions.start[s] ?? 0; at < (sessions.start[s + 1] ?? 0); at++) {
      const node = sessions.node[at] ?? 0;
      for (let read = readStart[node] ?? 0; read < (readStart[node + 1] ?? 0); read++) {
        const key = readKey[read] ?? 0;
        if (session[key] !== s) continue;
        const last = lastWriter[key] ?? nobody;
        const writer = readWriter[read] ?? initial;
        if (last !== writer) forced.add(last, writer, node, key);
      }
      for (let write = writeStart[node] ?? 0; write < (writeStart[node + 1] ?? 0); write++) {
        const key = writeKey[write] ?? 0;
        session[key] = s;
        lastWriter[key] = node;
      }
    }
  }
}
