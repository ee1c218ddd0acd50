import { none, writerState } from "../element-table.ts";
import type { Findings } from "../finding.ts";
import type { Transactions } from "../transactions.ts";
import { isWrite, type RegisterLog, stateOfRow } from "./register-log.ts";
import { nobody, type RegisterVersions } from "./register-versions.ts";

/**
 * What single reads of registers prove: `internal` (it differs from what the transaction had read or
 * written there itself; at most one per transaction and key), `G1a` (the value of a failed transaction),
 * `G1b` (a value that another transaction went on to replace itself), and `garbage-read` (a value nobody
 * wrote, where the run began with empty registers). Linear in the log.
 */
export function registerReads(
  transactions: Transactions,
  log: RegisterLog,
  versions: RegisterVersions,
  findings: Findings,
): void {
  const { history } = transactions;
  const beganEmpty = history.beginning === "empty";
  for (let key = 0; key < log.end.length; key++) {
    const initial = versions.start[key] ?? 0;
    let row = nobody;
    let committed = false;
    let expected: number = none;
    let contradicted = false;
    for (let entry = log.start[key] ?? 0; entry < (log.end[key] ?? 0); entry++) {
      const version = versions.of[entry] ?? none;
      const at = log.row[entry] ?? 0;
      if (at !== row) {
        row = at;
        committed = stateOfRow(transactions, at) === writerState.committed;
        expected = none;
        contradicted = false;
      }
      if (!committed) continue;
      if (!isWrite(history, log.mop[entry] ?? 0)) {
        if (expected !== none && expected !== version && !contradicted) {
          contradicted = true;
          findings.add("internal", [at], key);
        }
        if (version !== initial) traced(versions, { at, key, version }, findings, beganEmpty);
      }
      expected = version;
    }
  }
}

interface Read {
  readonly at: number;
  readonly key: number;
  readonly version: number;
}

function traced(
  { row, state, value, intermediate }: RegisterVersions,
  { at, key, version }: Read,
  findings: Findings,
  beganEmpty: boolean,
): void {
  const writer = row[version] ?? nobody;
  const element = value[version] ?? none;
  if (writer === nobody) {
    if (beganEmpty) findings.add("garbage-read", [at], key, element);
    return;
  }
  if (state[version] === writerState.failed) findings.add("G1a", [at, writer], key, element);
  if (intermediate[version] === 1 && writer !== at) findings.add("G1b", [at, writer], key, element);
}
