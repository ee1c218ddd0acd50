import { type History, mopKindCode } from "../../history/history.ts";
import type { ClientOperations } from "./client-operations.ts";

/** What the writes of a key are, as bits of {@link writtenKeys}. A key with more than one bit is several things. */
export const written = { list: 1, set: 2, value: 4, strange: 8 } as const;

/**
 * By key, how clients write it: appended to, added to, replaced (or inserted, or deleted), or in a way that is
 * not understood; 0 where nobody does. Operations of any outcome count. Linear in the micro-operations.
 */
export function writtenKeys(history: History, { count, source }: ClientOperations): Uint8Array {
  const { mopStart, mopKind, mopKey, keys } = history;
  const kinds = new Uint8Array(keys.length);
  for (let operation = 0; operation < count; operation++) {
    const at = source[operation] ?? 0;
    const end = mopStart[at + 1] ?? 0;
    for (let mop = mopStart[at] ?? 0; mop < end; mop++) {
      const key = mopKey[mop] ?? 0;
      kinds[key] = (kinds[key] ?? 0) | (writtenAs[mopKind[mop] ?? 0] ?? 0);
    }
  }
  return kinds;
}

/** By code of a kind of micro-operation: its bit; 0 for one that only reads. */
export const writtenAs: Uint8Array = new Uint8Array(256).fill(written.strange);
writtenAs[mopKindCode.append] = written.list;
writtenAs[mopKindCode.add] = written.set;
for (const kind of ["w", "insert", "delete"] as const) writtenAs[mopKindCode[kind]] = written.value;
for (const kind of ["r", "rs", "rp"] as const) writtenAs[mopKindCode[kind]] = 0;
