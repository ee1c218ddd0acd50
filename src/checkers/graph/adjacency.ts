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
 * Sorts the edges by source and target (a counting sort, then each node's few edges on their own) and
 * merges parallel ones. Takes time and memory linear in nodes plus edges, but for nodes with many edges,
 * whose targets are sorted by comparison.
 */
export function adjacency(nodes: number, { from, to, type }: EdgeInput): Adjacency {
  const start = new Uint32Array(nodes + 1);
  for (const u of from) start[u + 1] = (start[u + 1] ?? 0) + 1;
  for (let v = 0; v < nodes; v++) start[v + 1] = (start[v + 1] ?? 0) + (start[v] ?? 0);
  const target = new Int32Array(from.length);
  const mask = new Uint8Array(from.length);
  const free = start.slice();
  for (let e = 0; e < from.length; e++) {
    const u = from[e] ?? 0;
    const at = free[u] ?? 0;
    target[at] = to[e] ?? 0;
    mask[at] = type[e] ?? 0;
    free[u] = at + 1;
  }
  let size = 0;
  for (let v = 0; v < nodes; v++) {
    const begin = start[v] ?? 0;
    const end = start[v + 1] ?? 0;
    sortByTarget(target, mask, begin, end);
    start[v] = size;
    size = mergeParallel(target, mask, begin, end, size);
  }
  start[nodes] = size;
  return { nodes, start, target: target.subarray(0, size), mask: mask.subarray(0, size) };
}

/** More edges than this of one node are not sorted by insertion. */
const few = 16;

function sortByTarget(target: Int32Array, mask: Uint8Array, begin: number, end: number): void {
  if (end - begin > few) {
    sortMany(target, mask, begin, end);
    return;
  }
  for (let i = begin + 1; i < end; i++) {
    const to = target[i] ?? 0;
    const bits = mask[i] ?? 0;
    let at = i;
    for (; at > begin && (target[at - 1] ?? 0) > to; at--) {
      target[at] = target[at - 1] ?? 0;
      mask[at] = mask[at - 1] ?? 0;
    }
    target[at] = to;
    mask[at] = bits;
  }
}

function sortMany(target: Int32Array, mask: Uint8Array, begin: number, end: number): void {
  const pairs = new Float64Array(end - begin);
  for (let i = begin; i < end; i++) pairs[i - begin] = (target[i] ?? 0) * 256 + (mask[i] ?? 0);
  pairs.sort();
  pairs.forEach((pair, i) => {
    target[begin + i] = Math.floor(pair / 256);
    mask[begin + i] = pair % 256;
  });
}

/** Moves a node's sorted edges to `size`, each target once; answers where they end. */
function mergeParallel(
  target: Int32Array,
  mask: Uint8Array,
  begin: number,
  end: number,
  size: number,
): number {
  let last = -1;
  for (let i = begin; i < end; i++) {
    const to = target[i] ?? 0;
    const bits = mask[i] ?? 0;
    if (to === last) mask[size - 1] = (mask[size - 1] ?? 0) | bits;
    else {
      target[size] = last = to;
      mask[size++] = bits;
    }
  }
  return size;
}
