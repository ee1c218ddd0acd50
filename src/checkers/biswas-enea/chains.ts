import type { ChainSegments } from "./chain-segments.ts";
import { initial, type RegisterHistory } from "./register-history.ts";
import { nobody, type Sessions } from "./sessions.ts";

/** How many chains of transactions one pass over the history follows. */
export const chainsPerPass = 16;

/** No chain in this pass. */
export const unchained = -1;

/**
 * Which transactions come before which, over any number of reads and session steps, for the transactions
 * on a few chains: a vector clock per node (Mattern 1989; AWDIT 2025 keeps one entry per session).
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
 * Yields the causal past with respect to the segments of sessions, a few chains at a time, in memory
 * linear in the nodes. The same arrays each time: read them before going on.
 *
 * A chain is the end of a segment, and then the ends of others, each from where it is causally after
 * all of the chain; what is left of their beginnings is for later passes. So sessions that are over
 * (their process ended in `info`) cost no pass of their own where the data connects them to later ones.
 * Each pass is linear in nodes and reads; there are as many as chains, divided by {@link chainsPerPass}:
 * O(n k) for k chains.
 *
 * @param order a topological order of the nodes
 */
export function* causalPasts(
  history: RegisterHistory,
  order: Int32Array,
  segments: ChainSegments,
): Generator<CausalPast, void> {
  const { count } = history.transactions;
  const chain = new Int32Array(count);
  const position = new Int32Array(count);
  const past = new Int32Array(count * chainsPerPass);
  const last = segments.last.slice();
  for (let left = segments.count; left > 0;) {
    chain.fill(unchained);
    const chains = new Chains(history.sessions, segments.first, last);
    for (const node of order) {
      join(history, { chain, position, past }, node);
      const at = chains.place(node, past);
      if (at === unchained) continue;
      chain[node] = at;
      position[node] = chains.length[at] ?? 0;
    }
    left -= chains.finish();
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
  readonly #sessions: Sessions;
  /** First and last transaction of each session that are still to be put on a chain. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  /** The chain of each session in this pass, and its first transaction there. */
  readonly #chainOf: Int32Array;
  readonly #openedAt: Int32Array;
  /** 1 where a session on the chain has transactions to come. */
  readonly #busy: Uint8Array = new Uint8Array(chainsPerPass);

  constructor(sessions: Sessions, first: Int32Array, last: Int32Array) {
    this.#sessions = sessions;
    this.#first = first;
    this.#last = last;
    this.#chainOf = new Int32Array(sessions.count).fill(unchained);
    this.#openedAt = new Int32Array(sessions.count).fill(nobody);
  }

  /** The chain that the node was put on, as its last, or {@link unchained}. */
  place(node: number, past: Int32Array): number {
    const session = this.#sessions.of[node] ?? 0;
    const last = this.#last[session] ?? nobody;
    // The order within a session is that of the nodes.
    if (node > last || node < (this.#first[session] ?? nobody)) return unchained;
    if (this.#openedAt[session] === nobody) this.#open(session, node, past);
    const chain = this.#chainOf[session] ?? unchained;
    if (chain === unchained) return unchained;
    this.length[chain] = (this.length[chain] ?? 0) + 1;
    if (node === last) this.#busy[chain] = 0;
    return chain;
  }

  /** Leaves to later passes what comes before the nodes placed. Answers how many segments are done. */
  finish(): number {
    let done = 0;
    this.#openedAt.forEach((node, session) => {
      if (node === nobody) return;
      const isAll = node === this.#first[session];
      this.#last[session] = isAll ? nobody : (this.#sessions.previous[node] ?? nobody);
      if (isAll) done++;
    });
    return done;
  }

  /** Takes a chain that is over, if all of it comes before the node (as it does of an empty one). */
  #open(session: number, node: number, past: Int32Array): void {
    for (let chain = 0; chain < chainsPerPass; chain++) {
      if (this.#busy[chain] === 1 || past[node * chainsPerPass + chain] !== this.length[chain]) continue;
      this.#busy[chain] = 1;
      this.#chainOf[session] = chain;
      this.#openedAt[session] = node;
      return;
    }
  }
}
