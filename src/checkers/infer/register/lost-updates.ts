import { none, writerState } from "../element-table.ts";
import type { Findings } from "../finding.ts";
import { witnessesPerType } from "../../verdict.ts";
import type { Transactions } from "../transactions.ts";
import { isWrite, type RegisterLog, stateOfRow } from "./register-log.ts";
import { nobody, type RegisterVersions } from "./register-versions.ts";

/**
 * `lost-update`: two or more committed transactions whose first read of a key was of the same version
 * and which then wrote the key (Adya's thesis of 1999, H_lu): whatever the order of their writes, all but one ignore
 * another. No cycle is needed to prove it. Linear in the log.
 */
export function lostUpdates(
  transactions: Transactions,
  log: RegisterLog,
  versions: RegisterVersions,
  findings: Findings,
): void {
  /** By version: row of the first transaction that updated it. */
  const updatedBy = new Int32Array(versions.length).fill(nobody);
  const lost = new Map<number, { readonly key: number; readonly rows: number[] }>();
  eachUpdate(transactions, log, versions, (key, version, row) => {
    const first = updatedBy[version] ?? nobody;
    const group = lost.get(version);
    if (first === nobody) updatedBy[version] = row;
    else if (group !== undefined) group.rows.push(row);
    else if (lost.size < witnessesPerType) lost.set(version, { key, rows: [first, row] });
  });
  for (const { key, rows } of lost.values()) findings.add("lost-update", rows, key);
}

/** Calls back with the version that each committed transaction read before it wrote the key. */
function eachUpdate(
  transactions: Transactions,
  log: RegisterLog,
  versions: RegisterVersions,
  use: (key: number, version: number, row: number) => void,
): void {
  for (let key = 0; key < log.end.length; key++) {
    let row = nobody;
    let read: number = none;
    let reported = true;
    for (let entry = log.start[key] ?? 0; entry < (log.end[key] ?? 0); entry++) {
      const at = log.row[entry] ?? 0;
      if (at !== row) {
        row = at;
        read = none;
        reported = stateOfRow(transactions, at) !== writerState.committed;
      }
      if (reported) continue;
      if (!isWrite(transactions.history, log.mop[entry] ?? 0)) {
        if (read === none) read = versions.of[entry] ?? none;
      } else if (read !== none) {
        reported = true;
        use(key, read, at);
      }
    }
  }
}
