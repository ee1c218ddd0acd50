import { edge } from "../../graph/edge-type.ts";
import { IntColumn } from "../../graph/int-column.ts";
import type { EdgeList } from "../../graph/edge-list.ts";
import { type ElementTable, none, writerState } from "../element-table.ts";
import { fanOut } from "../range-fan.ts";
import type { Transactions } from "../transactions.ts";
import { readFrom, readTo } from "./list-reads.ts";
import { eachSureRead } from "./sure-readers.ts";
import { never, type VersionOrders } from "./version-orders.ts";

/** A bound: more direct edges than this between the readers of a version and its successors, and helpers do it. */
const directEdges = 4096;

/**
 * The dependencies between adjacent versions: ww from an element's writer to the next one's, wr from
 * the writer of a read's last element to the reader, rw from the readers of a version to the writers of
 * the next (Elle, section 4.2). Linear, but for the readers of a key's last version, which precede
 * every unseen append: these are connected by helpers when they are many.
 */
export function listEdges(
  transactions: Transactions,
  appends: ElementTable,
  orders: VersionOrders,
  edges: EdgeList,
): void {
  const { node } = transactions;
  const readers = readersByVersion(transactions, appends, orders, edges);
  const unseen = unseenByKey(transactions, appends, orders);
  for (let append = 0; append < appends.length; append++) {
    const writer = node[appends.row[append] ?? 0] ?? none;
    if (writer === none) continue;
    const key = appends.key[append] ?? 0;
    const element = appends.element[append] ?? 0;
    const before = orders.previous[append] ?? none;
    if (before !== none && appends.state[before] !== writerState.failed)
      edges.add(node[appends.row[before] ?? 0] ?? 0, writer, edge.ww, key, element);
    const version = before === none ? appends.length + key : before;
    if (orders.position[append] === never && unseen.isCrowded(key, readers.count(version))) continue;
    readers.each(version, (reader) => {
      edges.add(reader, writer, edge.rw, key, element);
    });
  }
  for (const key of unseen.keys) {
    const last = orders.last[key] ?? none;
    const version = last === none ? appends.length + key : last;
    if (!unseen.isCrowded(key, readers.count(version))) continue;
    const items = unseen.items(key);
    const fan = fanOut(edges, items, edge.rw);
    readers.each(version, (reader) => {
      let from = 0;
      items.node.forEach((writer, i) => {
        if (writer !== reader) return;
        fan.link(reader, from, i);
        from = i + 1;
      });
      fan.link(reader, from, items.node.length);
    });
  }
}

interface Readers {
  readonly count: (version: number) => number;
  readonly each: (version: number, use: (reader: number) => void) => void;
}

/** Readers of each version: the append of a read's last element, or `appends.length + key` for the initial one. */
function readersByVersion(
  transactions: Transactions,
  appends: ElementTable,
  { sure, isPrefix, appendAt }: VersionOrders,
  edges: EdgeList,
): Readers {
  const { history, node } = transactions;
  const versions = new IntColumn();
  const nodes = new IntColumn();
  eachSureRead(transactions, sure, (mop, reader) => {
    const key = history.mopKey[mop] ?? 0;
    const from = readFrom(history, mop);
    const to = readTo(history, mop);
    let version = appends.length + key;
    if (to > from) {
      const element = history.listItems[to - 1] ?? 0;
      version = isPrefix[mop] === 1 ? appendAt(key, to - from - 1) : appends.find(key, element);
      if (version === none) return;
      const writer = node[appends.row[version] ?? 0] ?? none;
      if (writer !== none) edges.add(writer, reader, edge.wr, key, element);
    }
    versions.push(version);
    nodes.push(reader);
  });
  const start = new Uint32Array(appends.length + history.keys.length + 1);
  for (const version of versions.view()) start[version + 1] = (start[version + 1] ?? 0) + 1;
  for (let v = 1; v < start.length; v++) start[v] = (start[v] ?? 0) + (start[v - 1] ?? 0);
  const next = start.slice();
  const sorted = new Int32Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    const version = versions.at(i);
    const at = next[version] ?? 0;
    sorted[at] = nodes.at(i);
    next[version] = at + 1;
  }
  return {
    count: (version) => (start[version + 1] ?? 0) - (start[version] ?? 0),
    each: (version, use) => {
      for (let i = start[version] ?? 0; i < (start[version + 1] ?? 0); i++) use(sorted[i] ?? 0);
    },
  };
}

interface Unseen {
  readonly keys: readonly number[];
  readonly isCrowded: (key: number, readers: number) => boolean;
  readonly items: (key: number) => { key: number; node: Int32Array; element: Int32Array };
}

/** The appends of each key that no read shows and that may have committed. */
function unseenByKey({ node }: Transactions, appends: ElementTable, orders: VersionOrders): Unseen {
  const byKey = new Map<number, number[]>();
  for (let append = 0; append < appends.length; append++) {
    if (orders.position[append] !== never || appends.state[append] === writerState.failed) continue;
    const key = appends.key[append] ?? 0;
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [append]);
    else list.push(append);
  }
  return {
    keys: [...byKey.keys()],
    isCrowded: (key, readers) => (byKey.get(key)?.length ?? 0) * readers > directEdges,
    items: (key) => {
      const list = byKey.get(key) ?? [];
      return {
        key,
        node: Int32Array.from(list, (append) => node[appends.row[append] ?? 0] ?? none),
        element: Int32Array.from(list, (append) => appends.element[append] ?? 0),
      };
    },
  };
}
