import { edge } from "../../graph/edge-type.ts";
import { nothing, type EdgeList } from "../../graph/edge-list.ts";
import { none } from "../element-table.ts";
import { fanOut } from "../range-fan.ts";
import type { RowAccesses } from "./row-accesses.ts";
import { nothingThere } from "./row-accesses.ts";
import type { RowOrder } from "./row-order.ts";
import type { RowVersions } from "./row-versions.ts";
import { type UnseenRow, unseenRow } from "./unseen-row.ts";

/** A bound: more direct edges than this between the readers of a version and its successors, and helpers do it. */
const directEdges = 4096;

/**
 * Item dependencies between rows' versions (Adya, Liskov and O'Neil 2000, section 4.4): wr from the writer of a value to
 * its readers, ww along the proven order, rw from the readers of a version to the writers that come after
 * it. An order that passes over versions nobody knows stands for a path through them: it is no shorter in
 * ww, and begins with the same rw. Linear, but for many readers of a version with many successors, which
 * helpers connect.
 */
export function rowEdges(
  versions: RowVersions,
  accesses: RowAccesses,
  order: RowOrder,
  edges: EdgeList,
): void {
  const { node, key, element } = versions;
  const readers = readersOf(versions.length, accesses);
  const link = linker(versions, edges);
  const successors = successorsOf(versions, order);
  for (let v = 0; v < versions.length; v++) {
    const writer = node[v] ?? none;
    if (writer === none) continue;
    const from = readers.start[v] ?? 0;
    const to = readers.start[v + 1] ?? 0;
    for (let i = from; i < to; i++) edges.add(writer, readers.node[i] ?? 0, edge.wr, key[v], element[v]);
    const next = successors(v);
    if (order.visible[v] === 1)
      for (const w of next) edges.add(writer, node[w] ?? 0, edge.ww, key[w], shown(element, w));
    link(readers.node.subarray(from, to), next);
  }
  unseenEdges(versions, accesses, order, edges, link);
}

/** Reads of a row that was not there. */
function unseenEdges(
  versions: RowVersions,
  accesses: RowAccesses,
  order: RowOrder,
  edges: EdgeList,
  link: Link,
): void {
  const byKey = new Map<number, number[]>();
  accesses.version.forEach((version, i) => {
    if (version !== nothingThere) return;
    const of = accesses.key[i] ?? 0;
    const list = byKey.get(of);
    if (list === undefined) byKey.set(of, [accesses.node[i] ?? 0]);
    else list.push(accesses.node[i] ?? 0);
  });
  for (const [of, nodes] of byKey) {
    const { gone, toCome }: UnseenRow = unseenRow(
      versions,
      order,
      of,
      (v) => (versions.element[v] ?? -1) >= 0,
    );
    if (gone !== none) for (const reader of nodes) edges.add(versions.node[gone] ?? 0, reader, edge.wr, of);
    link(Int32Array.from(nodes), toCome);
  }
}

/** rw from each reader to the writer of each version. */
type Link = (readers: Int32Array, versions: readonly number[]) => void;

function linker({ node, key, element }: RowVersions, edges: EdgeList): Link {
  return (readers, targets) => {
    if (readers.length * targets.length <= directEdges) {
      for (const v of targets)
        for (const reader of readers) edges.add(reader, node[v] ?? 0, edge.rw, key[v], shown(element, v));
      return;
    }
    const items = {
      key: key[targets[0] ?? 0] ?? 0,
      node: Int32Array.from(targets, (v) => node[v] ?? 0),
      element: Int32Array.from(targets, (v) => shown(element, v)),
    };
    const own = new Map<number, number[]>();
    items.node.forEach((writer, i) => own.set(writer, [...(own.get(writer) ?? []), i]));
    const fan = fanOut(edges, items, edge.rw);
    for (const reader of new Set(readers)) {
      let from = 0;
      for (const i of own.get(reader) ?? []) {
        fan.link(reader, from, i);
        from = i + 1;
      }
      fan.link(reader, from, targets.length);
    }
  };
}

/** The versions that took effect and are known to come right after one, or, the last delete, after all. */
function successorsOf(
  versions: RowVersions,
  { previous, visible, lastDelete }: RowOrder,
): (version: number) => readonly number[] {
  const next = new Map<number, number[]>();
  for (let v = 0; v < versions.length; v++) {
    const before = previous[v] ?? none;
    if (visible[v] !== 1 || before < 0 || lastDelete[versions.key[v] ?? 0] === v) continue;
    const list = next.get(before);
    if (list === undefined) next.set(before, [v]);
    else list.push(v);
  }
  return (version) => {
    const own = next.get(version);
    if (own !== undefined) return own;
    const last = lastDelete[versions.key[version] ?? 0] ?? none;
    return last !== none && last !== version && visible[last] === 1 ? [last] : [];
  };
}

interface Readers {
  /** Readers of version v are entries `start[v]` (inclusive) to `start[v + 1]` (exclusive) of {@link node}. */
  readonly start: Uint32Array;
  readonly node: Int32Array;
}

function readersOf(versions: number, { version, node }: RowAccesses): Readers {
  const start = new Uint32Array(versions + 1);
  for (const v of version) if (v >= 0) start[v + 1] = (start[v + 1] ?? 0) + 1;
  for (let v = 0; v < versions; v++) start[v + 1] = (start[v + 1] ?? 0) + (start[v] ?? 0);
  const next = start.slice(0, -1);
  const sorted = new Int32Array(start[versions] ?? 0);
  version.forEach((v, i) => {
    if (v < 0) return;
    const at = next[v] ?? 0;
    sorted[at] = node[i] ?? 0;
    next[v] = at + 1;
  });
  return { start, node: sorted };
}

function shown(element: Int32Array, version: number): number {
  const value = element[version] ?? nothing;
  return value < 0 ? nothing : value;
}
