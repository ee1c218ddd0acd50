import { mopKindCode } from "../../history/history.ts";
import { mopRow, type Transactions } from "../infer/transactions.ts";

/** Position in the history's values of what a node wrote last to a key it wrote. */
export function valueWritten({ history, row }: Transactions, node: number, key: number): number {
  const at = mopRow(history, row[node] ?? 0);
  let value = 0;
  for (let mop = history.mopStart[at] ?? 0; mop < (history.mopStart[at + 1] ?? 0); mop++)
    if (history.mopKind[mop] === mopKindCode.w && history.mopKey[mop] === key)
      value = history.mopValue[mop] ?? 0;
  return value;
}
