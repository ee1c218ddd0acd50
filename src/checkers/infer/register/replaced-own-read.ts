import type { Adjacency } from "../../graph/adjacency.ts";
import { none } from "../element-table.ts";
import type { Transactions } from "../transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";
import type { Visits } from "./visits.ts";

/**
 * Whether some committed transaction replaced a version that is known to come before its own and that it
 * had found itself. No dependency between transactions, but Elle puts the transaction into its graph,
 * and so does not call the graph empty. Linear in the visits, times the successors of a version.
 */
export function replacedOwnRead(
  { committed }: Transactions,
  visits: Visits,
  { start: initials }: RegisterVersions,
  { start, target }: Adjacency,
): boolean {
  for (let visit = 0; visit < visits.length; visit++) {
    const found = visits.read[visit] ?? none;
    const left = visits.write[visit] ?? none;
    if (found === none || left === none || committed[visits.node[visit] ?? 0] !== 1) continue;
    if (found === initials[visits.key[visit] ?? 0]) return true;
    if (target.subarray(start[found], start[found + 1]).includes(left)) return true;
  }
  return false;
}
