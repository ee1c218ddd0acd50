import { typeCode } from "../../../history/history.ts";
import type { Adjacency } from "../../graph/adjacency.ts";
import { none } from "../element-table.ts";
import { noNode, type Transactions } from "../transactions.ts";
import { Frontier } from "./frontier.ts";
import { LatestVersions } from "./latest-versions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { VersionEdges } from "./version-edges.ts";
import { firstVersion, type Visits } from "./visits.ts";
import { visitsByNode } from "./visits-by-node.ts";

/**
 * Real-time order, key by key: what a committed transaction last had of a key comes before what a later
 * one finds there, if every transaction between them on some path of immediate real-time successors
 * leaves the key alone (that is how Elle walks its real-time graph).
 *
 * One pass over the rows. Of each key's latest versions only those are kept, and linked, that no other
 * kept one is known to follow; the rest follows along edges between versions with committed writers, so
 * the transactions' dependencies reach as far as with all pairs.
 */
export function linearizableOrder(
  transactions: Transactions,
  visits: Visits,
  versions: RegisterVersions,
  known: Adjacency,
): VersionEdges {
  const { history, node, committed } = transactions;
  const { type, pair, length } = history;
  const visitsOf = visitsByNode(visits, transactions.count);
  const frontier = new Frontier(transactions.count);
  const latest = new LatestVersions(visits, visitsOf, versions, frontier, known);
  const edges = new VersionEdges();
  for (let row = 0; row < length; row++) {
    const own = node[row] ?? noNode;
    if (own !== noNode && committed[own] === 1) frontier.completed(own);
    if (type[row] !== typeCode.invoke) continue;
    const completion = pair[row] ?? -1;
    const begins = completion >= 0 ? (node[completion] ?? noNode) : noNode;
    if (begins === noNode) continue;
    if (frontier.begins(begins)) latest.refresh();
    for (let i = visitsOf.start[begins] ?? 0; i < (visitsOf.start[begins + 1] ?? 0); i++) {
      const visit = visitsOf.visit[i] ?? 0;
      const key = visits.key[visit] ?? 0;
      const first =
        committed[begins] === 1
          ? firstVersion(visits, visit, versions.start[key] ?? 0)
          : (visits.write[visit] ?? none);
      latest.precede(key, first, edges);
    }
  }
  return edges;
}
