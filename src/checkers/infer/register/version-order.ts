import { type Adjacency, adjacency } from "../../graph/adjacency.ts";
import { components, cyclicComponents } from "../../graph/components.ts";
import { edge } from "../../graph/edge-type.ts";
import type { Findings } from "../finding.ts";
import type { Transactions } from "../transactions.ts";
import type { KeyAssumptions } from "./key-assumptions.ts";
import { linearizableOrder } from "./linearizable-order.ts";
import { nobody, type RegisterVersions } from "./register-versions.ts";
import { sequentialOrder, writesFollowReads } from "./simple-orders.ts";
import { VersionEdges } from "./version-edges.ts";
import type { Visits } from "./visits.ts";

/** A bound: how many transactions a report of versions in a circle names. */
const rowsPerCircle = 16;

/** What is known of the order of versions. */
export interface VersionOrder {
  /** Versions as nodes; an edge leads to a later one. */
  readonly order: Adjacency;
  /** Whether it holds that writes follow reads. */
  readonly wfr: boolean;
}

/**
 * The order of versions as far as the assumptions give one, as a graph of versions; the initial version
 * comes before all others of its key without an edge.
 *
 * Each assumption is tried on top of those before it, as Elle does: writes follow reads, then session
 * order, then real-time order. One that puts the versions of any key in a circle is reported as
 * `cyclic-versions` and contributes nothing at all; the next is still tried.
 */
export function versionOrder(
  transactions: Transactions,
  visits: Visits,
  versions: RegisterVersions,
  assumptions: KeyAssumptions,
  findings: Findings,
): VersionOrder {
  let order = graphOf(versions, new VersionEdges(), null);
  const attempt = (source: VersionEdges): boolean => {
    const widened = graphOf(versions, source, order);
    const circles = cyclicComponents(components(widened, edge.ww));
    for (const circle of circles) report(visits, versions, circle, transactions, findings);
    if (circles.length > 0) return false;
    order = widened;
    return true;
  };
  const wfr = assumptions.wfrKeys === true && attempt(writesFollowReads(transactions, visits));
  if (assumptions.sequentialKeys === true) attempt(sequentialOrder(transactions, visits, versions));
  if (assumptions.linearizableKeys === true)
    attempt(linearizableOrder(transactions, visits, versions, order));
  return { order, wfr };
}

/** All edges of both, and where one leads to an initial version the edge from there that makes it a circle. */
function graphOf(versions: RegisterVersions, added: VersionEdges, known: Adjacency | null): Adjacency {
  const all = new VersionEdges();
  if (known !== null)
    for (let from = 0; from < known.nodes; from++)
      for (let e = known.start[from] ?? 0; e < (known.start[from + 1] ?? 0); e++)
        all.add(from, known.target[e] ?? 0);
  const from = added.from.view();
  const to = added.to.view();
  for (let e = 0; e < from.length; e++) {
    const later = to[e] ?? 0;
    all.add(from[e] ?? 0, later);
    if (isInitial(versions, later)) all.add(later, from[e] ?? 0);
  }
  const type = new Uint8Array(all.length).fill(edge.ww);
  return adjacency(versions.length, { from: all.from.view(), to: all.to.view(), type });
}

function isInitial({ value, row }: RegisterVersions, version: number): boolean {
  return value[version] === -1 && row[version] === nobody;
}

function report(
  visits: Visits,
  versions: RegisterVersions,
  circle: Int32Array,
  { row }: Transactions,
  findings: Findings,
): void {
  const rows = new Set<number>();
  const key = keyOf(versions, circle[0] ?? 0);
  const members = new Set(circle);
  for (let visit = visits.start[key] ?? 0; visit < (visits.start[key + 1] ?? 0); visit++) {
    if (rows.size === rowsPerCircle) break;
    if (members.has(visits.read[visit] ?? nobody) || members.has(visits.write[visit] ?? nobody))
      rows.add(row[visits.node[visit] ?? 0] ?? 0);
  }
  findings.add("cyclic-versions", [...rows], key);
}

/** The key of a version, by bisection. */
function keyOf({ start }: RegisterVersions, version: number): number {
  let low = 0;
  let high = start.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((start[middle] ?? 0) <= version) low = middle;
    else high = middle;
  }
  return low;
}
