import { initial, type RegisterHistory } from "./register-history.ts";
import { nobody } from "./sessions.ts";

/**
 * How the transactions that others may follow are divided: the segment of a session that goes on a
 * chain, and single ones that are marked.
 */
export interface ChainSegments {
  /** How many sessions have a segment. */
  readonly count: number;
  /** First and last node of each session's segment; {@link nobody} where it has none. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** Nodes of sessions that others may follow and that are in no segment. */
  readonly marked: Int32Array;
}

/** A bound: up to so many sessions are put on chains as they are. */
const fewSessions = 64;

/** How many of the last transactions stand for the end of the history. */
const ending = 256;

/**
 * A session's segment ends with its last transaction that another session follows: those after it come
 * before their own session only.
 *
 * Where sessions are many, two more kinds are left out and marked instead, because each would keep a
 * chain for itself: what a session does before it follows another, which comes after nothing that a
 * chain could end with, and what leads nowhere near the end of the history, which nothing that goes on
 * comes after. Linear.
 *
 * @param order a topological order of the nodes
 */
export function chainSegments(history: RegisterHistory, order: Int32Array): ChainSegments {
  const { sessions } = history;
  const followed = lastFollowed(history);
  const first = new Int32Array(sessions.count).fill(nobody);
  const last = new Int32Array(sessions.count).fill(nobody);
  const marked: number[] = [];
  const leads = sessions.count > fewSessions ? leadToEnd(history, order) : null;
  let count = 0;
  for (let session = 0; session < sessions.count; session++) {
    let follows = leads === null;
    for (let at = sessions.start[session] ?? 0; at < (sessions.start[session + 1] ?? 0); at++) {
      const node = sessions.node[at] ?? 0;
      if (node > (followed[session] ?? nobody)) break;
      follows ||= followsAnother(history, node);
      if (follows && (leads === null || leads[node] === 1)) {
        if (first[session] === nobody) first[session] = node;
        last[session] = node;
      } else marked.push(node);
    }
    if (first[session] !== nobody) count++;
  }
  return { count, first, last, marked: Int32Array.from(marked) };
}

/** 1 for nodes that come before, or are, one of the last few. */
function leadToEnd(history: RegisterHistory, order: Int32Array): Uint8Array {
  const leads = new Uint8Array(order.length);
  for (const node of order.subarray(-ending)) leads[node] = 1;
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i] ?? 0;
    if (leads[node] !== 1) continue;
    eachBefore(history, node, (before) => {
      leads[before] = 1;
    });
  }
  return leads;
}

function lastFollowed(history: RegisterHistory): Int32Array {
  const { transactions, sessions } = history;
  const last = new Int32Array(sessions.count).fill(nobody);
  for (let node = 0; node < transactions.count; node++)
    eachBefore(history, node, (before) => {
      const session = sessions.of[before] ?? 0;
      if (session !== sessions.of[node] && before > (last[session] ?? nobody)) last[session] = before;
    });
  return last;
}

function followsAnother(history: RegisterHistory, node: number): boolean {
  const { of } = history.sessions;
  let follows = false;
  eachBefore(history, node, (before) => {
    if (of[before] !== of[node]) follows = true;
  });
  return follows;
}

/** Calls back with the nodes right before one: in its session, and those it reads from. */
function eachBefore(
  { sessions, readStart, readWriter }: RegisterHistory,
  node: number,
  use: (before: number) => void,
): void {
  const previous = sessions.previous[node] ?? nobody;
  if (previous !== nobody) use(previous);
  for (let read = readStart[node] ?? 0; read < (readStart[node + 1] ?? 0); read++) {
    const writer = readWriter[read] ?? initial;
    if (writer !== initial) use(writer);
  }
}
