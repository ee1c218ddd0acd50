import { type History } from "../../history/history.ts";
import { operationAt, valueAt } from "../../history/operation-at.ts";
import type { Mop, Operation } from "../../history/operation.ts";
import { isMopList } from "../../history/mop-list.ts";
import { mopRow } from "../infer/transactions.ts";
import { valueText } from "./value-text.ts";

/** A transaction as a sentence names it. */
export interface Party {
  /** `T1`, by its position in the witness. */
  readonly name: string;
  /** The completion, or the invocation of what never completed. */
  readonly operation: Operation;
  /** What it did: as completed, or as invoked where the completion does not say. */
  readonly mops: readonly Mop[];
  /** `index` of the invocation; of the completion where there is no invocation. */
  readonly invokedIndex: number;
}

/** The transactions of some rows, named in their order. */
export function parties(history: History, rows: readonly number[]): readonly Party[] {
  return rows.map((row, i) => {
    const value = valueAt(history, mopRow(history, row));
    const pair = history.pair[row] ?? -1;
    const invocation = pair >= 0 && pair < row ? pair : row;
    return {
      name: `T${i + 1}`,
      operation: operationAt(history, row),
      mops: isMopList(value) ? value : [],
      invokedIndex: history.index[invocation] ?? -1,
    };
  });
}

/** "T1 is register by process 2 (index 7)". */
export function who({ name, operation }: Party): string {
  return `${name} is ${operationName(operation)}`;
}

/** "register by process 2 (index 7)"; an outcome other than ok is told. Of a fault, "kill-server (index 9): what was done". */
export function operationName({ f, process, index, type, value }: Operation): string {
  if (process === "nemesis")
    return `${valueText(f)} (index ${index})${typeof value === "string" ? `: ${valueText(value)}` : ""}`;
  const outcome = type === "fail" ? ", failed" : type === "ok" ? "" : ", outcome unknown";
  return `${valueText(f)} by process ${valueText(process)} (index ${index}${outcome})`;
}
