import { none } from "../element-table.ts";
import type { Findings } from "../finding.ts";
import type { Transactions } from "../transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import type { Visits } from "./visits.ts";

/**
 * Where writes follow reads, a transaction that found the very value it wrote afterwards comes before
 * itself: `G1c`, a circle of one. Elle names this only where another transaction read the value too, and
 * so do we. Linear.
 */
export function ownWritesFound(
  { committed, row }: Transactions,
  visits: Visits,
  versions: RegisterVersions,
  findings: Findings,
): void {
  /** By version: the visit that found and wrote it, or -1. */
  const own = new Map<number, number>();
  for (let visit = 0; visit < visits.length; visit++) {
    const found = visits.read[visit] ?? none;
    if (found !== none && found === visits.write[visit] && committed[visits.node[visit] ?? 0] === 1)
      own.set(found, visit);
  }
  if (own.size === 0) return;
  for (let visit = 0; visit < visits.length; visit++) {
    const version = visits.read[visit] ?? none;
    const writing = own.get(version);
    if (writing === undefined || writing === visit || committed[visits.node[visit] ?? 0] !== 1) continue;
    findings.add(
      "G1c",
      [row[visits.node[writing] ?? 0] ?? 0],
      visits.key[writing] ?? 0,
      versions.value[version] ?? none,
    );
    own.delete(version);
  }
}
