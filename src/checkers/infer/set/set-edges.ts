import { mopKindCode } from "../../../history/history.ts";
import type { EdgeList } from "../../graph/edge-list.ts";
import { edge } from "../../graph/edge-type.ts";
import { type ElementTable, none } from "../element-table.ts";
import { fanIn, fanOut, type FanItems, type RangeFan } from "../range-fan.ts";
import type { Transactions } from "../transactions.ts";
import { eachSetRead, type SetRead } from "./set-reads.ts";
import type { VisibleElements } from "./visible-elements.ts";

/** A bound: keys with more elements are connected over helpers, so that readers × elements stays near-linear. */
export const directElements = 64;

/** What one read saw of its key's elements, as positions in the order of first appearance. */
interface View {
  readonly reader: number;
  /** The elements of the key that the reader itself added, never an edge; ascending. */
  readonly own: readonly number[];
  /** Ascending. */
  readonly saw: Int32Array;
}

interface Connector {
  readonly sees: (reader: number, from: number, to: number) => void;
  readonly misses: (reader: number, from: number, to: number) => void;
}

/**
 * wr from the inserter of each seen element, predicate rw to the inserter of each committed element not
 * seen. Keys with few elements get an edge for each; others get logarithmically many edges for each run
 * of neighbouring elements that were seen, or missed, together.
 */
export function setEdges(
  transactions: Transactions,
  adds: ElementTable,
  elements: VisibleElements,
  edges: EdgeList,
): void {
  const known = new Map<number, { readonly items: FanItems; readonly connector: Connector }>();
  eachSetRead(transactions, (read) => {
    let target = known.get(read.key);
    if (target === undefined) {
      const items = itemsOf(transactions, adds, elements, read.key);
      const connector =
        items.node.length <= directElements ? direct(edges, items) : overHelpers(edges, items);
      known.set(read.key, (target = { items, connector }));
    }
    const { items, connector } = target;
    connect(viewOf(transactions, adds, elements, read), items.node.length, connector);
  });
}

/** Splits what a read saw, and what it missed, into runs without the reader's own elements. */
function connect({ reader, own, saw }: View, size: number, { sees, misses }: Connector): void {
  let next = 0;
  const run = (from: number, to: number, link: Connector["sees"]): void => {
    let begin = from;
    for (const at of own) {
      if (at < from || at >= to) continue;
      if (begin < at) link(reader, begin, at);
      begin = at + 1;
    }
    if (begin < to) link(reader, begin, to);
  };
  for (let i = 0; i < saw.length;) {
    const from = saw[i] ?? 0;
    let to = from + 1;
    while (++i < saw.length && (saw[i] ?? 0) <= to) to = (saw[i] ?? 0) + 1;
    run(next, from, misses);
    run(from, to, sees);
    next = to;
  }
  run(next, size, misses);
}

function itemsOf(
  { node }: Transactions,
  adds: ElementTable,
  elements: VisibleElements,
  key: number,
): FanItems {
  const ids = elements.add.subarray(elements.start[key], elements.start[key + 1]);
  return {
    key,
    node: ids.map((add) => node[adds.row[add] ?? 0] ?? none),
    element: ids.map((add) => adds.element[add] ?? 0),
  };
}

function viewOf(
  { history, row }: Transactions,
  adds: ElementTable,
  { position }: VisibleElements,
  { node, key, from, to }: SetRead,
): View {
  const positionOf = (element: number): number => {
    const add = adds.find(key, element);
    return add === none ? none : (position[add] ?? none);
  };
  const saw = history.listItems.slice(from, to).map(positionOf);
  const own: number[] = [];
  const at = row[node] ?? 0;
  for (let mop = history.mopStart[at] ?? 0; mop < (history.mopStart[at + 1] ?? 0); mop++)
    if (history.mopKind[mop] === mopKindCode.add && history.mopKey[mop] === key)
      own.push(positionOf(history.mopValue[mop] ?? 0));
  return {
    reader: node,
    own: own.sort((a, b) => a - b),
    saw: Int32Array.from(saw)
      .filter((place) => place !== none)
      .sort(),
  };
}

function direct(edges: EdgeList, { key, node, element }: FanItems): Connector {
  return {
    sees: (reader, from, to) => {
      for (let at = from; at < to; at++) edges.add(node[at] ?? 0, reader, edge.wr, key, element[at]);
    },
    misses: (reader, from, to) => {
      for (let at = from; at < to; at++) edges.add(reader, node[at] ?? 0, edge.rwp, key, element[at]);
    },
  };
}

function overHelpers(edges: EdgeList, items: FanItems): Connector {
  let seen: RangeFan | undefined;
  let missed: RangeFan | undefined;
  return {
    sees: (reader, from, to) => {
      seen ??= fanIn(edges, items, edge.wr);
      seen.link(reader, from, to);
    },
    misses: (reader, from, to) => {
      missed ??= fanOut(edges, items, edge.rwp);
      missed.link(reader, from, to);
    },
  };
}
