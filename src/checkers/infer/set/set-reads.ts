import { mopKindCode, shapeCode } from "../../../history/history.ts";
import type { Transactions } from "../transactions.ts";
import { eachCommittedMop, readFrom, readTo } from "../list/list-reads.ts";

/** One read of a whole set by a committed transaction. */
export interface SetRead {
  readonly node: number;
  readonly mop: number;
  readonly key: number;
  /** Range of the history's `listItems`. */
  readonly from: number;
  readonly to: number;
}

/** Calls back with every read of a set by a committed transaction, in row order. A read of null is no result. */
export function eachSetRead(transactions: Transactions, use: (read: SetRead) => void): void {
  const { history } = transactions;
  eachCommittedMop(transactions, (mop, node) => {
    if (history.mopKind[mop] !== mopKindCode.rs || history.mopShape[mop] !== shapeCode.list) return;
    use({
      node,
      mop,
      key: history.mopKey[mop] ?? 0,
      from: readFrom(history, mop),
      to: readTo(history, mop),
    });
  });
}
