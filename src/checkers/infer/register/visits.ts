import { mopKindCode } from "../../../history/history.ts";
import { none } from "../element-table.ts";
import { noNode, type Transactions } from "../transactions.ts";
import { isWrite, type RegisterLog } from "./register-log.ts";
import type { RegisterVersions } from "./register-versions.ts";

/**
 * What each transaction that may have committed did to each key, seen from outside: its first read, if
 * that came before its writes, and its last write. Key k's visits are entries `start[k]` (inclusive) to
 * `start[k + 1]` (exclusive), in row order.
 */
export interface Visits {
  readonly length: number;
  readonly start: Uint32Array;
  readonly key: Int32Array;
  readonly node: Int32Array;
  /** The version it found, or {@link none}. */
  readonly read: Int32Array;
  /** The version it left behind, or {@link none}. */
  readonly write: Int32Array;
}

/** Condenses the log. Linear. */
export function visits(
  { history, node }: Transactions,
  log: RegisterLog,
  { start: versionStart, of }: RegisterVersions,
): Visits {
  const bound = log.mop.length;
  const start = new Uint32Array(versionStart.length);
  const keyOf = new Int32Array(bound);
  const nodeOf = new Int32Array(bound);
  const read = new Int32Array(bound).fill(none);
  const write = new Int32Array(bound).fill(none);
  let length = 0;
  for (let key = 0; key + 1 < start.length; key++) {
    let last = noNode;
    for (let entry = log.start[key] ?? 0; entry < (log.end[key] ?? 0); entry++) {
      const visitor = node[log.row[entry] ?? 0] ?? noNode;
      if (visitor === noNode) continue;
      const mop = log.mop[entry] ?? 0;
      if (visitor !== last) {
        last = visitor;
        keyOf[length] = key;
        nodeOf[length] = visitor;
        if (history.mopKind[mop] === mopKindCode.r) read[length] = of[entry] ?? none;
        length++;
      }
      if (isWrite(history, mop)) write[length - 1] = of[entry] ?? none;
    }
    start[key + 1] = length;
  }
  return {
    length,
    start,
    key: keyOf.subarray(0, length),
    node: nodeOf.subarray(0, length),
    read: read.subarray(0, length),
    write: write.subarray(0, length),
  };
}

/** The version of a visit that came first: what it found, else what it wrote. */
export function firstVersion({ read, write }: Visits, visit: number, initial: number): number {
  const found = read[visit] ?? none;
  const left = write[visit] ?? none;
  return found === none || (found === initial && left !== none) ? left : found;
}

/** The version of a visit that came last: what it wrote, else what it found. */
export function lastVersion({ read, write }: Visits, visit: number): number {
  const left = write[visit] ?? none;
  return left === none ? (read[visit] ?? none) : left;
}
