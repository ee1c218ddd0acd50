import { edge } from "../graph/edge-type.ts";
import type { EdgeList } from "../graph/edge-list.ts";

/** The items that fans connect to: one transaction and one element each, in a fixed order. */
export interface FanItems {
  /** The key of all items, or -1 where each has its own. */
  readonly key: number;
  /** The key of each item, where they differ. */
  readonly keys?: Int32Array;
  readonly node: Int32Array;
  readonly element: Int32Array;
}

/**
 * Connects a transaction to every item in a range with logarithmically many edges: the helpers form a
 * segment tree over the items, and a range is the few subtrees that make it up. Building costs two
 * helpers and three edges per item.
 */
export interface RangeFan {
  /** Adds a dependency for each item from `from` (inclusive) to `to` (exclusive). */
  readonly link: (node: number, from: number, to: number) => void;
}

/** From a transaction to items: every edge is of `type`, its element known at the item. */
export function fanOut(edges: EdgeList, items: FanItems, type: number): RangeFan {
  const tree = helpers(edges, items);
  items.node.forEach((node, i) => {
    edges.add(leaf(tree, i), node, edge.silent, items.keys?.[i] ?? items.key, items.element[i]);
  });
  for (let at = 2; at < tree.length; at++) edges.add(tree[at >> 1] ?? 0, tree[at] ?? 0, edge.silent);
  return {
    link: (node, from, to) => {
      cover(tree, from, to, (helper) => {
        edges.add(node, helper, type, items.key);
      });
    },
  };
}

/** From items to a transaction: every edge is of `type`. */
export function fanIn(edges: EdgeList, items: FanItems, type: number): RangeFan {
  const tree = helpers(edges, items);
  items.node.forEach((node, i) => {
    edges.add(node, leaf(tree, i), type, items.keys?.[i] ?? items.key, items.element[i]);
  });
  for (let at = 2; at < tree.length; at++) edges.add(tree[at] ?? 0, tree[at >> 1] ?? 0, edge.silent);
  return {
    link: (node, from, to) => {
      cover(tree, from, to, (helper) => {
        edges.add(helper, node, edge.silent);
      });
    },
  };
}

/** A tree of helpers as a heap: the root at 1, the leaf of item i at `items + i`; 0 is not used. */
function helpers(edges: EdgeList, { node }: FanItems): Int32Array {
  const tree = new Int32Array(2 * node.length);
  for (let at = 1; at < tree.length; at++) tree[at] = edges.helper();
  return tree;
}

function leaf(tree: Int32Array, item: number): number {
  return tree[tree.length / 2 + item] ?? 0;
}

/** Calls back with the subtrees that hold exactly the leaves of a range. */
function cover(tree: Int32Array, from: number, to: number, use: (helper: number) => void): void {
  const items = tree.length / 2;
  for (let low = from + items, high = to + items; low < high; low >>= 1, high >>= 1) {
    if ((low & 1) === 1) use(tree[low++] ?? 0);
    if ((high & 1) === 1) use(tree[--high] ?? 0);
  }
}
