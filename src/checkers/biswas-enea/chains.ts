import { initial, type RegisterHistory } from "./register-history.ts";
import { nobody, type Sessions } from "./sessions.ts";

/** How many chains of transactions one pass over the history follows. */
export const chainsPerPass = 16;

/** No chain in this pass. */
export const unchained = -1;

/**
 * Which transactions come before which, over any number of reads and session steps, for the
 * transactions on a few chains: a vector clock per node (Mattern 1989; AWDIT 2025, section 3.3).
 */
export interface CausalPast {
  /** Chain of each node, or {@link unchained}. */
  readonly chain: Int32Array;
  /** Position of each node on its chain, from 1. */
  readonly position: Int32Array;
  /** Entry `node * chainsPerPass + chain`: how many of the chain come before the node. */
  readonly past: Int32Array;
}

/**
 * Yields the causal past with respect to every transaction that others may follow, a few chains at a
 * time, in memory linear in the nodes. The same arrays each time: read them before going on.
 *
 * A chain is a session, and then others that begin causally after its end, so that sessions that are
 * over (their process ended in `info`) cost no pass of their own where the data connects them to later
 * ones. Each pass is linear in nodes and reads; there are as many as chains, divided by
 * {@link chainsPerPass}: O(n k) for k chains.
 *
 * @param order a topological order of the nodes
 */
export function* causalPasts(history: RegisterHistory, order: Int32Array): Generator<CausalPast, void> {
  const { count } = history.transactions;
  const chain = new Int32Array(count);
  const position = new Int32Array(count);
  const past = new Int32Array(count * chainsPerPass);
  const ends = lastFollowed(history);
  const placed = new Uint8Array(history.sessions.count);
  let left = ends.reduce((sum, node) => (node === nobody ? sum : sum + 1), 0);
  while (left > 0) {
    chain.fill(unchained);
    const chains = new Chains(history.sessions, ends, placed);
    for (const node of order) {
      join(history, { chain, position, past }, node);
      const at = chains.place(node, past);
      if (at === unchained) continue;
      chain[node] = at;
      position[node] = chains.length[at] ?? 0;
    }
    left -= chains.placedHere;
    yield { chain, position, past };
  }
}

/** The past of a node: the pasts of those right before it, and they themselves. */
function join(
  { sessions, readStart, readWriter }: RegisterHistory,
  { chain, position, past }: CausalPast,
  node: number,
): void {
  const base = node * chainsPerPass;
  past.fill(0, base, base + chainsPerPass);
  const end = readStart[node + 1] ?? 0;
  for (let read = (readStart[node] ?? 0) - 1; read < end; read++) {
    const isSession = read < (readStart[node] ?? 0);
    const before = isSession ? (sessions.previous[node] ?? nobody) : (readWriter[read] ?? initial);
    if (before < 0) continue;
    const theirs = before * chainsPerPass;
    for (let c = 0; c < chainsPerPass; c++) {
      const known = past[theirs + c] ?? 0;
      if (known > (past[base + c] ?? 0)) past[base + c] = known;
    }
    const own = chain[before] ?? unchained;
    if (own !== unchained && (position[before] ?? 0) > (past[base + own] ?? 0))
      past[base + own] = position[before] ?? 0;
  }
}

/** Puts sessions on chains, in topological order of their transactions. */
class Chains {
  /** Transactions on each chain so far. */
  readonly length: Int32Array = new Int32Array(chainsPerPass);
  /** How many sessions this pass has placed. */
  placedHere = 0;
  readonly #sessions: Sessions;
  readonly #ends: Int32Array;
  /** 1 for sessions that have a place in this pass or had one in an earlier one. */
  readonly #placed: Uint8Array;
  /** The chain of each session in this pass. */
  readonly #chainOf: Int32Array;
  /** 1 where a session of the chain has transactions to come. */
  readonly #busy: Uint8Array = new Uint8Array(chainsPerPass);

  constructor(sessions: Sessions, ends: Int32Array, placed: Uint8Array) {
    this.#sessions = sessions;
    this.#ends = ends;
    this.#placed = placed;
    this.#chainOf = new Int32Array(sessions.count).fill(unchained);
  }

  /** The chain that the node was put on, as its last, or {@link unchained}. */
  place(node: number, past: Int32Array): number {
    const { of, start, node: members } = this.#sessions;
    const session = of[node] ?? 0;
    const end = this.#ends[session] ?? nobody;
    // The order within a session is that of the nodes.
    if (node > end) return unchained;
    const isFirst = members[start[session] ?? 0] === node;
    if (isFirst && this.#placed[session] === 0) this.#open(session, past, node * chainsPerPass);
    const chain = this.#chainOf[session] ?? unchained;
    if (chain === unchained) return unchained;
    this.length[chain] = (this.length[chain] ?? 0) + 1;
    if (node === end) this.#busy[chain] = 0;
    return chain;
  }

  /** Takes a chain that is over, if all of it comes before the session (as it does of an empty one). */
  #open(session: number, past: Int32Array, base: number): void {
    for (let chain = 0; chain < chainsPerPass; chain++) {
      if (this.#busy[chain] === 1 || past[base + chain] !== this.length[chain]) continue;
      this.#busy[chain] = 1;
      this.#chainOf[session] = chain;
      this.#placed[session] = 1;
      this.placedHere++;
      return;
    }
  }
}

/**
 * For each session its last transaction that another session follows, or {@link nobody}: those after it
 * come before their own session only.
 */
function lastFollowed({ transactions, sessions, readStart, readWriter }: RegisterHistory): Int32Array {
  const last = new Int32Array(sessions.count).fill(nobody);
  const follow = (before: number, node: number): void => {
    if (before < 0) return;
    const session = sessions.of[before] ?? 0;
    if (session !== sessions.of[node] && before > (last[session] ?? nobody)) last[session] = before;
  };
  for (let node = 0; node < transactions.count; node++) {
    follow(sessions.previous[node] ?? nobody, node);
    for (let read = readStart[node] ?? 0; read < (readStart[node + 1] ?? 0); read++)
      follow(readWriter[read] ?? initial, node);
  }
  return last;
}
