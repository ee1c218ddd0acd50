import type { ForcedOrder } from "./forced-order.ts";
import { initial, type RegisterHistory } from "./register-history.ts";
import { nobody } from "./sessions.ts";

/** 32-bit words per node, hence 32 times as many marked nodes per pass. */
const words = 16;
const perPass = 32 * words;

/**
 * What causal consistency forces where t2 is one of the marked nodes: which of them come before a node
 * is a set of bits. A pass over the history for each {@link perPass} marked nodes, linear in nodes and
 * reads, and in the marked writers of the keys read.
 */
export function overMarked(
  history: RegisterHistory,
  order: Int32Array,
  marked: Int32Array,
  forced: ForcedOrder,
): void {
  if (marked.length === 0) return;
  const past = new Int32Array(history.transactions.count * words);
  for (let from = 0; from < marked.length; from += perPass) {
    const group = marked.subarray(from, from + perPass);
    spread(history, order, group, past);
    compare(history, group, past, forced);
  }
}

/** Fills in which of the group come before each node. */
function spread(
  { transactions, sessions, readStart, readWriter }: RegisterHistory,
  order: Int32Array,
  group: Int32Array,
  past: Int32Array,
): void {
  const bitOf = new Int32Array(transactions.count).fill(nobody);
  group.forEach((node, bit) => {
    bitOf[node] = bit;
  });
  past.fill(0);
  for (const node of order) {
    const base = node * words;
    const end = readStart[node + 1] ?? 0;
    for (let read = (readStart[node] ?? 0) - 1; read < end; read++) {
      const isSession = read < (readStart[node] ?? 0);
      const before = isSession ? (sessions.previous[node] ?? nobody) : (readWriter[read] ?? initial);
      if (before < 0) continue;
      const theirs = before * words;
      for (let w = 0; w < words; w++) past[base + w] = (past[base + w] ?? 0) | (past[theirs + w] ?? 0);
      const bit = bitOf[before] ?? nobody;
      if (bit !== nobody) past[base + (bit >> 5)] = (past[base + (bit >> 5)] ?? 0) | (1 << (bit & 31));
    }
  }
}

function compare(history: RegisterHistory, group: Int32Array, past: Int32Array, forced: ForcedOrder): void {
  const { transactions, readStart, readKey, readWriter } = history;
  const writers = writersByKey(history, group);
  const isBefore = (bit: number, node: number): boolean =>
    ((past[node * words + (bit >> 5)] ?? 0) & (1 << (bit & 31))) !== 0;
  for (let node = 0; node < transactions.count; node++) {
    for (let read = readStart[node] ?? 0; read < (readStart[node + 1] ?? 0); read++) {
      const key = readKey[read] ?? 0;
      const source = readWriter[read] ?? initial;
      for (const bit of writers.get(key) ?? []) {
        const writer = group[bit] ?? nobody;
        if (writer === source || !isBefore(bit, node)) continue;
        if (source === initial || !isBefore(bit, source)) forced.add(writer, source, node, key);
      }
    }
  }
}

/** Positions in the group, by key. */
function writersByKey(
  { writeStart, writeKey }: RegisterHistory,
  group: Int32Array,
): ReadonlyMap<number, readonly number[]> {
  const writers = new Map<number, number[]>();
  group.forEach((node, bit) => {
    for (let write = writeStart[node] ?? 0; write < (writeStart[node + 1] ?? 0); write++) {
      const key = writeKey[write] ?? 0;
      const known = writers.get(key);
      if (known === undefined) writers.set(key, [bit]);
      else known.push(bit);
    }
  });
  return writers;
}
