import { none, writerState } from "../element-table.ts";
import type { Findings } from "../finding.ts";
import { IntColumn } from "../../graph/int-column.ts";
import { RowGroups } from "../row-groups.ts";
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
  /** By version: the group of its updates, once there are two. */
  const groupOf = new Int32Array(versions.length).fill(nobody);
  const keyOf = new IntColumn();
  const groups = new RowGroups();
  eachUpdate(transactions, log, versions, (key, version, row) => {
    const first = updatedBy[version] ?? nobody;
    if (first === nobody) {
      updatedBy[version] = row;
      return;
    }
    if (groupOf[version] === nobody) {
      groupOf[version] = keyOf.length;
      groups.add(keyOf.length, first);
      keyOf.push(key);
    }
    groups.add(groupOf[version] ?? 0, row);
  });
  groups.eachOfMany(keyOf.length, (group, rows) => {
    findings.add("lost-update", rows, keyOf.at(group));
  });
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
