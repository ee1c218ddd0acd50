import { none, writerState } from "../element-table.ts";
import type { Findings } from "../finding.ts";
import type { Transactions } from "../transactions.ts";
import { nothingThere, type RowAccesses } from "./row-accesses.ts";
import type { RowOrder } from "./row-order.ts";
import { type RowVersions, versionKind } from "./row-versions.ts";
import { unseenRow } from "./unseen-row.ts";

/**
 * What reads prove by themselves: `G1a` (a version of a failed transaction, Adya, Liskov and O'Neil 2000, section 5.2) and
 * `G1b` (a version that its writer replaced in the same transaction, 4.2.3). Linear in the reads.
 */
export function readFindings(
  { row }: Transactions,
  versions: RowVersions,
  { version, node, key }: RowAccesses,
  findings: Findings,
): void {
  version.forEach((v, i) => {
    if (v < 0) return;
    const reader = row[node[i] ?? 0] ?? 0;
    const writer = versions.row[v] ?? 0;
    if (writer === reader) return;
    const element = versions.element[v] ?? none;
    if (versions.state[v] === writerState.failed) findings.add("G1a", [reader, writer], key[i] ?? 0, element);
    else if (versions.next[v] !== none) findings.add("G1b", [reader, writer], key[i] ?? 0, element);
  });
}

/**
 * `lost-update`: two or more committed transactions whose first read of a row was of the same version and
 * which then wrote the row (Adya's thesis of 1999, H_lu); all but one ignore another. No order of versions is needed
 * to prove it. A row that was not there is the same version to all only where it cannot have been
 * deleted, and a version of a failed transaction is none. Linear.
 */
export function lostUpdates(versions: RowVersions, accesses: RowAccesses, findings: Findings): void {
  const { updated, updatedKey, updatedBy } = accesses;
  const groups = new Map<number, { readonly key: number; readonly rows: number[] }>();
  updated.forEach((version, i) => {
    const key = updatedKey[i] ?? 0;
    if (version === nothingThere ? wasDeleted(versions, key) : versions.state[version] === writerState.failed)
      return;
    const id = version === nothingThere ? -1 - key : version;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { key, rows: [updatedBy[i] ?? 0] });
    else group.rows.push(updatedBy[i] ?? 0);
  });
  for (const { key, rows } of groups.values()) if (rows.length > 1) findings.add("lost-update", rows, key);
}

/**
 * `tied-versions`: two committed transactions gave a row the same number, which an optimistic lock must
 * never do. An error of the application; whether the database is to blame as well, `lost-update` says.
 * Rows that may have been deleted are left out: their numbers may begin again. Linear.
 */
export function tiedVersions(versions: RowVersions, { contradicted }: RowAccesses, findings: Findings): void {
  const { sorted, start, number, state, row, element } = versions;
  for (let key = 0; key + 1 < start.length; key++) {
    if (contradicted[key] === 1 || wasDeleted(versions, key)) continue;
    const takenBy = new Map<number, number>();
    for (const v of sorted.subarray(start[key], start[key + 1])) {
      const own = number[v] ?? NaN;
      if (state[v] !== writerState.committed || Number.isNaN(own)) continue;
      const other = takenBy.get(own);
      if (other === undefined) takenBy.set(own, v);
      else if (row[other] !== row[v])
        findings.add("tied-versions", [row[other] ?? 0, row[v] ?? 0], key, element[v] ?? none);
    }
  }
}

/** `predicate-read-miss`: a row was not found, though it was there from the beginning and never deleted. */
export function missedRows(
  { row }: Transactions,
  versions: RowVersions,
  { version, node, key }: RowAccesses,
  order: RowOrder,
  findings: Findings,
): void {
  version.forEach((v, i) => {
    const at = key[i] ?? 0;
    if (v !== nothingThere || (order.founder[at] ?? none) === none) return;
    const { impossible } = unseenRow(versions, order, at, (one) => (versions.element[one] ?? none) >= 0);
    if (impossible) findings.add("predicate-read-miss", [row[node[i] ?? 0] ?? 0], at);
  });
}

/** Whether some transaction that may have committed deleted the row. */
function wasDeleted({ sorted, start, kind, state }: RowVersions, key: number): boolean {
  for (let at = start[key] ?? 0; at < (start[key + 1] ?? 0); at++) {
    const v = sorted[at] ?? 0;
    if (kind[v] === versionKind.delete && state[v] !== writerState.failed) return true;
  }
  return false;
}
