import type { EdgeList } from "../../graph/edge-list.ts";
import { edge } from "../../graph/edge-type.ts";
import { none } from "../element-table.ts";
import type { Findings } from "../finding.ts";
import type { Transactions } from "../transactions.ts";
import { readersByVersion } from "./readers.ts";
import type { RegisterVersions } from "./register-versions.ts";
import type { Visits } from "./visits.ts";

/**
 * Where writes follow reads, a transaction that found the very value it wrote afterwards comes before
 * itself: a circle of one, `G1c`. Others that read the value both saw that write and, having found what
 * it replaced, came before it. Elle names this only where there are such others, and so do we. Linear.
 */
export function ownWritesFound(
  { committed, row }: Transactions,
  visits: Visits,
  versions: RegisterVersions,
  edges: EdgeList,
  findings: Findings,
): void {
  const own: number[] = [];
  for (let visit = 0; visit < visits.length; visit++) {
    const found = visits.read[visit] ?? none;
    if (found !== none && found === visits.write[visit] && committed[visits.node[visit] ?? 0] === 1)
      own.push(visit);
  }
  if (own.length === 0) return;
  const readers = readersByVersion(committed, visits, versions);
  for (const visit of own) {
    const version = visits.read[visit] ?? none;
    if (readers.count(version) < 2) continue;
    const writer = visits.node[visit] ?? 0;
    const key = visits.key[visit] ?? 0;
    const value = versions.value[version] ?? none;
    findings.add("G1c", [row[writer] ?? 0], key, value);
    readers.each(version, (reader) => {
      edges.add(reader, writer, edge.rw, key, value);
    });
  }
}
