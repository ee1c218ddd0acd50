import { none } from "../element-table.ts";
import { withoutSessionOrder } from "../self-overlapping.ts";
import type { Transactions } from "../transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import { VersionEdges } from "./version-edges.ts";
import { firstVersion, lastVersion, type Visits } from "./visits.ts";

/** Writes follow reads: what a committed transaction found comes before what it left. Linear. */
export function writesFollowReads({ committed }: Transactions, visits: Visits): VersionEdges {
  const edges = new VersionEdges();
  for (let visit = 0; visit < visits.length; visit++) {
    if (committed[visits.node[visit] ?? 0] !== 1) continue;
    const found = visits.read[visit] ?? none;
    const left = visits.write[visit] ?? none;
    if (found !== none && left !== none) edges.add(found, left);
  }
  return edges;
}

/**
 * Session order, key by key: what a process last had of a key comes before what it finds there next, unless
 * the process has no such order. Linear.
 */
export function sequentialOrder(
  { history, row, committed }: Transactions,
  visits: Visits,
  { start: initials }: RegisterVersions,
): VersionEdges {
  const edges = new VersionEdges();
  const processes = numbered(history.process);
  const unordered = withoutSessionOrder(history);
  const latest = new Int32Array(processes.count).fill(none);
  for (let visit = 0; visit < visits.length; visit++) {
    const node = visits.node[visit] ?? 0;
    const at = row[node] ?? 0;
    if (committed[node] !== 1 || unordered.has(history.process[at] ?? 0)) continue;
    const key = visits.key[visit] ?? 0;
    const process = processes.of[at] ?? 0;
    const previous = latest[process] ?? none;
    latest[process] = visit;
    if (previous === none || visits.key[previous] !== key) continue;
    const initial = initials[key] ?? 0;
    const before = lastVersion(visits, previous);
    if (before !== initial) edges.add(before, firstVersion(visits, visit, initial));
  }
  return edges;
}

/** The processes of all rows, numbered from 0. */
function numbered(process: Int32Array): { readonly of: Int32Array; readonly count: number } {
  const numbers = new Map<number, number>();
  const of = process.map((name) => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  });
  return { of, count: numbers.size };
}
