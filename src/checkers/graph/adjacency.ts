/**
 * A directed graph in compressed sparse rows. Node v's edges are entries `start[v]` (inclusive) to
 * `start[v + 1]` (exclusive) of `target` and `mask`, sorted by target, one per target.
 */
export interface Adjacency {
  readonly nodes: number;
  readonly start: Uint32Array;
  readonly target: Int32Array;
  /** Bits of `edge`: every way in which the target depends on the node. */
  readonly mask: Uint8Array;
}

/** Edges as parallel columns. */
export interface EdgeInput {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly type: ArrayLike<number>;
}

/**
 * Sorts the edges by source and target (two counting sorts) and merges parallel ones. Takes time and
 * memory linear in nodes plus edges.
 */
export function adjacency(nodes: number, edges: EdgeInput): Adjacency {
  const { from, to, type } = edges;
  const order = stableOrder(nodes, from, stableOrder(nodes, to, null));
  const start = new Uint32Array(nodes + 1);
  const target = new Int32Array(order.length);
  const mask = new Uint8Array(order.length);
  let size = 0;
  let lastFrom = -1;
  let lastTo = -1;
  for (const e of order) {
    const u = from[e] ?? 0;
    const v = to[e] ?? 0;
    if (u === lastFrom && v === lastTo) {
      mask[size - 1] = (mask[size - 1] ?? 0) | (type[e] ?? 0);
      continue;
    }
    while (lastFrom < u) start[++lastFrom] = size;
    lastTo = v;
    target[size] = v;
    mask[size++] = type[e] ?? 0;
  }
  while (lastFrom < nodes) start[++lastFrom] = size;
  return { nodes, start, target: target.subarray(0, size), mask: mask.subarray(0, size) };
}

/** The positions of `keys` sorted by key, equal keys in the order of `previous` (or as they stand). */
function stableOrder(bound: number, keys: Int32Array, previous: Uint32Array | null): Uint32Array {
  const next = new Uint32Array(bound + 1);
  for (const key of keys) next[key + 1] = (next[key + 1] ?? 0) + 1;
  for (let i = 0; i < bound; i++) next[i + 1] = (next[i + 1] ?? 0) + (next[i] ?? 0);
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const e = previous === null ? i : (previous[i] ?? 0);
    const key = keys[e] ?? 0;
    const at = next[key] ?? 0;
    order[at] = e;
    next[key] = at + 1;
  }
  return order;
}
