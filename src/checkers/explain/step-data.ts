import { edge, stepOrder } from "../graph/edge-type.ts";
import { type EdgeColumns, nothing } from "../graph/edge-list.ts";
import type { Path } from "../cycles/shortest-cycle.ts";
import type { StepType } from "../verdict.ts";

/** One step of a cycle as data: from one transaction (a node) to the next, and what it hangs on. */
export interface StepData {
  readonly type: StepType;
  readonly from: number;
  readonly to: number;
  /** Position in the history's keys, or -1. */
  readonly key: number;
  /** Position in the history's values, or -1. */
  readonly value: number;
}

/**
 * The steps of many cycles at once: each with its strongest reason, the earliest found of those. Detours
 * over helper nodes become part of the step they belong to. One pass over all edges.
 *
 * @param transactions nodes from here on are helpers
 */
export function stepData(
  paths: readonly Path[],
  columns: EdgeColumns,
  nodes: number,
  transactions: number,
): readonly (readonly StepData[])[] {
  const hops = paths.map((path) => splitHops(path, transactions));
  const reasons = findReasons(hops.flat(), columns, nodes);
  return hops.map((ofPath) => ofPath.map((hop) => describe(hop, reasons, nodes)));
}

/** A transaction, the helpers after it, and the next transaction. */
type Hop = readonly number[];

interface Reason {
  readonly type: number;
  readonly key: number;
  readonly value: number;
}

function splitHops(path: Path, transactions: number): readonly Hop[] {
  const hops: number[][] = [];
  for (const node of path) {
    if (node < transactions) hops.push([]);
    hops.at(-1)?.push(node);
  }
  return hops.map((hop, i) => [...hop, hops[(i + 1) % hops.length]?.[0] ?? 0]);
}

/** The strongest edge between each two neighbours of a hop, by `from * nodes + to`. */
function findReasons(
  hops: readonly Hop[],
  columns: EdgeColumns,
  nodes: number,
): ReadonlyMap<number, Reason | null> {
  const found = new Map<number, Reason | null>();
  const wanted = new Uint8Array(nodes);
  for (const hop of hops)
    for (let i = 0; i + 1 < hop.length; i++) {
      wanted[hop[i] ?? 0] = 1;
      found.set((hop[i] ?? 0) * nodes + (hop[i + 1] ?? 0), null);
    }
  const { from, to, type, key, value } = columns;
  for (let e = 0; e < from.length; e++) {
    const source = from[e] ?? 0;
    if (wanted[source] !== 1) continue;
    const pair = source * nodes + (to[e] ?? 0);
    const known = found.get(pair);
    const bit = type[e] ?? 0;
    if (known === undefined || (known !== null && known.type <= bit)) continue;
    found.set(pair, { type: bit, key: key[e] ?? nothing, value: value[e] ?? nothing });
  }
  return found;
}

function describe(hop: Hop, reasons: ReadonlyMap<number, Reason | null>, nodes: number): StepData {
  const reasonAt = (i: number): Reason | null =>
    reasons.get((hop[i] ?? 0) * nodes + (hop[i + 1] ?? 0)) ?? null;
  const first = reasonAt(0);
  const last = reasonAt(hop.length - 2);
  const type = stepOrder.find((name) => edge[name] === first?.type) ?? "realtime";
  return {
    type,
    from: hop[0] ?? 0,
    to: hop.at(-1) ?? 0,
    key: first !== null && first.key !== nothing ? first.key : (last?.key ?? nothing),
    value: first !== null && first.value !== nothing ? first.value : (last?.value ?? nothing),
  };
}
