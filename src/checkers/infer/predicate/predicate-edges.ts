import { type EdgeList, nothing } from "../../graph/edge-list.ts";
import { edge } from "../../graph/edge-type.ts";
import { none } from "../element-table.ts";
import type { Findings } from "../finding.ts";
import { fanIn, fanOut, type FanItems, type RangeFan } from "../range-fan.ts";
import { directElements } from "../set/set-edges.ts";
import type { Transactions } from "../transactions.ts";
import type { RowOrder } from "../versioned/row-order.ts";
import { noValue, writesRow } from "../versioned/row-value.ts";
import type { RowVersions } from "../versioned/row-versions.ts";
import { type HiddenRows, hiddenRows, type RowItems } from "./hidden-rows.ts";
import { matchingVersions } from "./matching-versions.ts";
import type { PredicateReads } from "./predicate-reads.ts";

/**
 * What follows from the rows that a read by a predicate did not show (Adya, Liskov and O'Neil 2000, section 4.4): a
 * predicate anti-dependency on whoever brings a row into the predicate later (`rwp`), a dependency on
 * whoever took it out before (`wr`), and `predicate-read-miss` where a row cannot have been out of sight.
 * Rows that the reader itself had written by then must show or not as it left them (`internal`).
 *
 * A predicate with few rows gets an edge for each; others get logarithmically many edges for each run of
 * neighbouring rows that are not shown.
 */
export function predicateEdges(
  transactions: Transactions,
  versions: RowVersions,
  order: RowOrder,
  reads: PredicateReads,
  { edges, findings }: { readonly edges: EdgeList; readonly findings: Findings },
): void {
  const matching = matchingVersions(transactions.history, versions);
  const known = new Map<number, Known>();
  for (let read = 0; read < reads.node.length; read++) {
    const at = reads.predicate[read] ?? 0;
    const predicate = reads.predicates.get(at);
    if (predicate === undefined) continue;
    let target = known.get(at);
    if (target === undefined) {
      const shows = matching(predicate);
      const hidden = hiddenRows(versions, order, shows);
      target = {
        hidden,
        shows: new Set(shows),
        gone: connector(edges, hidden.gone, edge.wr),
        toCome: connector(edges, hidden.toCome, edge.rwp),
      };
      known.set(at, target);
    }
    const own = ownVersions(transactions, versions, reads, read);
    connect(transactions, versions, reads, read, own, target, findings);
  }
}

interface Known {
  readonly hidden: HiddenRows;
  /** The versions that the predicate shows. */
  readonly shows: ReadonlySet<number>;
  readonly gone: Connect;
  readonly toCome: Connect;
}

/** Connects a reader with the items of the rows from one rank (inclusive) to another (exclusive). */
type Connect = (reader: number, from: number, to: number) => void;

function connect(
  { row }: Transactions,
  versions: RowVersions,
  reads: PredicateReads,
  read: number,
  own: ReadonlyMap<number, number>,
  { hidden, shows, gone, toCome }: Known,
  findings: Findings,
): void {
  const reader = reads.node[read] ?? 0;
  const at = row[reader] ?? 0;
  const shown = new Set(reads.key.subarray(reads.start[read], reads.start[read + 1]));
  for (const [key, version] of own)
    if (shows.has(version) && !shown.has(key))
      findings.add("internal", [at], key, versions.element[version] ?? none);
  const excluded = [...shown]
    .map(hidden.rankOf)
    .filter((rank) => rank !== none)
    .sort((a, b) => a - b);
  let from = 0;
  for (const rank of [...excluded, hidden.keys.length]) {
    if (from < rank) {
      gone(reader, from, rank);
      toCome(reader, from, rank);
      const missed = hidden.impossible.indexOf(1, from);
      if (missed >= 0 && missed < rank) findings.add("predicate-read-miss", [at], hidden.keys[missed] ?? 0);
    }
    from = rank + 1;
  }
}

/** The last version of each row that the reader had written before the read. */
function ownVersions(
  { history, row }: Transactions,
  versions: RowVersions,
  reads: PredicateReads,
  read: number,
): ReadonlyMap<number, number> {
  const own = new Map<number, number>();
  const begin = history.mopStart[row[reads.node[read] ?? 0] ?? 0] ?? 0;
  for (let mop = begin; mop < (reads.mop[read] ?? 0); mop++) {
    const version = writesRow(history.mopKind[mop]) ? versions.ofMop(mop) : none;
    if (version !== none) own.set(versions.key[version] ?? 0, version);
  }
  return own;
}

function connector(edges: EdgeList, { start, items }: RowItems, type: number): Connect {
  const ownItems = new Map<number, number[]>();
  items.node.forEach((node, i) => {
    const list = ownItems.get(node);
    if (list === undefined) ownItems.set(node, [i]);
    else list.push(i);
  });
  const link =
    items.node.length <= directElements ? direct(edges, items, type) : overHelpers(edges, items, type);
  return (reader, fromRank, toRank) => {
    let from = start[fromRank] ?? 0;
    const to = start[toRank] ?? 0;
    for (const i of ownItems.get(reader) ?? []) {
      if (i < from || i >= to) continue;
      if (from < i) link(reader, from, i);
      from = i + 1;
    }
    if (from < to) link(reader, from, to);
  };
}

function direct(edges: EdgeList, { keys, node, element }: FanItems, type: number): Connect {
  return (reader, from, to) => {
    for (let i = from; i < to; i++) {
      const writer = node[i] ?? 0;
      const value = element[i] === noValue ? nothing : element[i];
      if (type === edge.wr) edges.add(writer, reader, type, keys?.[i], value);
      else edges.add(reader, writer, type, keys?.[i], value);
    }
  };
}

function overHelpers(edges: EdgeList, items: FanItems, type: number): Connect {
  let fan: RangeFan | undefined;
  return (reader, from, to) => {
    fan ??= type === edge.wr ? fanIn(edges, items, type) : fanOut(edges, items, type);
    fan.link(reader, from, to);
  };
}
