import { type History, mopKindCode } from "../../history/history.ts";
import { eachOperation } from "./client-operations.ts";

/** What the writes of a key are, as bits of {@link writtenKeys}. A key with more than one bit is several things. */
export const written = { list: 1, set: 2, value: 4, strange: 8 } as const;

/**
 * By key, how clients write it: appended to, added to, replaced (or inserted, or deleted), or in a way that is
 * not understood; 0 where nobody does. Operations of any outcome count. Linear in the micro-operations.
 */
export function writtenKeys(history: History): Uint8Array {
  const { mopStart, mopKind, mopKey, keys } = history;
  const kinds = new Uint8Array(keys.length);
  eachOperation(history, (_, source) => {
    const end = mopStart[source + 1] ?? 0;
    for (let mop = mopStart[source] ?? 0; mop < end; mop++) {
      const key = mopKey[mop] ?? 0;
      kinds[key] = (kinds[key] ?? 0) | writtenAs(mopKind[mop]);
    }
  });
  return kinds;
}

/** The bit of a kind of micro-operation; 0 for one that only reads. */
export function writtenAs(kind: number | undefined): number {
  switch (kind) {
    case mopKindCode.append:
      return written.list;
    case mopKindCode.add:
      return written.set;
    case mopKindCode.w:
    case mopKindCode.insert:
    case mopKindCode.delete:
      return written.value;
    case mopKindCode.r:
    case mopKindCode.rs:
    case mopKindCode.rp:
      return 0;
    case undefined:
    default:
      return written.strange;
  }
}
