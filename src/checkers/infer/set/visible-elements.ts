import { type ElementTable, none, writerState } from "../element-table.ts";
import type { Transactions } from "../transactions.ts";
import { eachSetRead } from "./set-reads.ts";

/** The committed elements of each key, in the order in which they first showed. */
export interface VisibleElements {
  /** Key k's adds are entries `start[k]` (inclusive) to `start[k + 1]` (exclusive) of {@link add}. */
  readonly start: Uint32Array;
  readonly add: Int32Array;
  /** Position of each add among its key's, or {@link none} for those that may never have committed. */
  readonly position: Int32Array;
}

/**
 * An element counts as committed when its transaction did, or when a committed read saw it (then the
 * unknown outcome is known after all). Seen ones come first, in the order of their first reads, so that
 * what a read saw and what it missed are a few ranges. Linear in the elements of all reads.
 */
export function visibleElements(transactions: Transactions, adds: ElementTable): VisibleElements {
  const { history } = transactions;
  const keys = history.keys.length;
  const position = new Int32Array(adds.length).fill(none);
  const size = new Uint32Array(keys);
  const admit = (add: number): void => {
    const key = adds.key[add] ?? 0;
    const at = size[key] ?? 0;
    position[add] = at;
    size[key] = at + 1;
  };
  eachSetRead(transactions, ({ key, from, to }) => {
    for (let i = from; i < to; i++) {
      const add = adds.find(key, history.listItems[i] ?? 0);
      if (add === none || position[add] !== none || adds.state[add] === writerState.failed) continue;
      admit(add);
    }
  });
  for (let add = 0; add < adds.length; add++)
    if (position[add] === none && adds.state[add] === writerState.committed) admit(add);

  const start = new Uint32Array(keys + 1);
  for (let key = 0; key < keys; key++) start[key + 1] = (start[key] ?? 0) + (size[key] ?? 0);
  const add = new Int32Array(start[keys] ?? 0);
  position.forEach((at, id) => {
    if (at !== none) add[(start[adds.key[id] ?? 0] ?? 0) + at] = id;
  });
  return { start, add, position };
}
