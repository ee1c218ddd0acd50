import type { KeyAssumptions } from "../../../src/checkers/infer/register/key-assumptions.ts";
import { transactions } from "../../../src/checkers/infer/transactions.ts";
import type { History } from "../../../src/history/history.ts";
import { operationAt } from "../../../src/history/operation-at.ts";
import type { Json, Mop } from "../../../src/history/operation.ts";

/** An edge between nodes: `from to`. */
type Pair = string;

/** What the definitions give, pair by pair. */
export interface Reference {
  readonly ww: ReadonlySet<Pair>;
  readonly wr: ReadonlySet<Pair>;
  readonly rw: ReadonlySet<Pair>;
  /** How many assumptions put versions in a circle. */
  readonly refuted: number;
}

interface Node {
  readonly node: number;
  readonly ok: boolean;
  readonly process: Json;
  readonly begin: number;
  readonly end: number;
  readonly reads: ReadonlyMap<string, Json>;
  readonly writes: ReadonlyMap<string, Json>;
}

type Graph = Map<string, Set<string>>;

/**
 * The dependencies of registers as Elle's documentation and code give them, without any shortcut:
 * every pair of transactions, every path, every pair of versions. For tests of some dozen transactions.
 */
export function referenceEdges(history: History, assumptions: KeyAssumptions): Reference {
  const nodes = nodesOf(history);
  const keys = [...new Set(nodes.flatMap(({ reads, writes }) => [...reads.keys(), ...writes.keys()]))];
  let graphs = new Map(keys.map((key): [string, Graph] => [key, initialOrder(nodes, key)]));
  let refuted = 0;
  const attempt = (source: (key: string) => readonly (readonly [Json, Json])[]): void => {
    const widened = new Map(
      keys.map((key): [string, Graph] => {
        const graph: Graph = new Map([...(graphs.get(key) ?? [])].map(([v, next]) => [v, new Set(next)]));
        for (const [u, v] of source(key)) if (text(u) !== text(v)) link(graph, u, v);
        return [key, graph];
      }),
    );
    if ([...widened.values()].some(isCircular)) refuted++;
    else graphs = widened;
  };
  const oks = nodes.filter(({ ok }) => ok);
  if (assumptions.wfrKeys === true)
    attempt((key) =>
      oks.flatMap(({ reads, writes }) => {
        const [found, left] = [reads.get(key), writes.get(key)];
        return found === undefined || found === null || left === undefined ? [] : [[found, left] as const];
      }),
    );
  if (assumptions.sequentialKeys === true)
    attempt((key) =>
      downstream(nodes, (a, b) => a.ok && b.ok && a.process === b.process && a.end < b.begin, key),
    );
  if (assumptions.linearizableKeys === true)
    attempt((key) => downstream(nodes, (a, b) => a.ok && a.end < b.begin, key));
  return { ...edgesOf(oks, graphs), refuted };
}

function nodesOf(history: History): readonly Node[] {
  const { count, row } = transactions(history);
  const found: Node[] = [];
  for (let node = 0; node < count; node++) {
    const at = row[node]!;
    const { type, process, value } = operationAt(history, at);
    if (type === "invoke") continue;
    const begin = history.pair[at]! < 0 ? -1 : history.pair[at]!;
    const ok = type === "ok";
    found.push({ node, ok, process, begin, end: at, ...external(value as readonly Mop[], ok) });
  }
  return found;
}

function external(mops: readonly Mop[], ok: boolean): Pick<Node, "reads" | "writes"> {
  const reads = new Map<string, Json>();
  const writes = new Map<string, Json>();
  for (const [kind, key, value] of mops) {
    const name = text(key);
    if (kind === "w") writes.set(name, value);
    else if (ok && !reads.has(name) && !writes.has(name)) reads.set(name, value);
  }
  return { reads, writes };
}

function initialOrder(nodes: readonly Node[], key: string): Graph {
  const graph: Graph = new Map();
  for (const { reads, writes } of nodes)
    for (const value of [reads.get(key), writes.get(key)])
      if (value !== undefined && value !== null) link(graph, null, value);
  return graph;
}

/** Last version of a and first of b, for each path of covering pairs on which only a and b touch the key. */
function downstream(
  nodes: readonly Node[],
  precedes: (a: Node, b: Node) => boolean,
  key: string,
): readonly (readonly [Json, Json])[] {
  const covers = (a: Node, b: Node): boolean =>
    precedes(a, b) && !nodes.some((c) => c.ok && precedes(a, c) && precedes(c, b));
  const touches = ({ reads, writes }: Node): boolean => reads.has(key) || writes.has(key);
  const found: (readonly [Json, Json])[] = [];
  for (const a of nodes) {
    if (!touches(a)) continue;
    const reached = new Set<Node>();
    const queue = [a];
    for (const at of queue)
      for (const b of nodes) {
        if (reached.has(b) || !covers(at, b)) continue;
        reached.add(b);
        if (!touches(b)) queue.push(b);
      }
    const last = a.writes.get(key) ?? a.reads.get(key) ?? null;
    for (const b of reached)
      if (touches(b)) found.push([last, b.reads.get(key) ?? b.writes.get(key) ?? null]);
  }
  return found;
}

function edgesOf(oks: readonly Node[], graphs: ReadonlyMap<string, Graph>): Omit<Reference, "refuted"> {
  const [ww, wr, rw] = [new Set<Pair>(), new Set<Pair>(), new Set<Pair>()];
  const add = (set: Set<Pair>, a: Node, b: Node): void => {
    if (a !== b) set.add(`${a.node} ${b.node}`);
  };
  const found = (key: string, version: string): readonly Node[] =>
    oks.filter(({ reads }) => reads.has(key) && text(reads.get(key)!) === version);
  const left = (key: string, version: string): readonly Node[] =>
    oks.filter(({ writes }) => writes.has(key) && text(writes.get(key)!) === version);
  for (const a of oks)
    for (const [key, value] of a.writes) for (const b of found(key, text(value))) add(wr, a, b);
  for (const [key, graph] of graphs)
    for (const [u, next] of graph)
      for (const v of next)
        for (const b of left(key, v)) {
          for (const a of left(key, u)) add(ww, a, b);
          for (const a of found(key, u)) add(rw, a, b);
        }
  return { ww, wr, rw };
}

function isCircular(graph: Graph): boolean {
  return [...graph.keys()].some((start) => {
    const reached = new Set(graph.get(start));
    for (const at of reached) for (const next of graph.get(at) ?? []) reached.add(next);
    return reached.has(start);
  });
}

function link(graph: Graph, u: Json, v: Json): void {
  const next = graph.get(text(u));
  if (next === undefined) graph.set(text(u), new Set([text(v)]));
  else next.add(text(v));
}

function text(value: Json): string {
  return JSON.stringify(value);
}
