import { type History, mopKindCode } from "../../history/history.ts";
import type { Transactions } from "../infer/transactions.ts";
import { elementText, indexOf, keyText } from "./describe.ts";
import type { StepData } from "./step-data.ts";

/** What sentences are made from. */
export interface SentenceContext {
  readonly transactions: Transactions;
  /** The element that came right before another in a key's order, or -1. */
  readonly before: (key: number, element: number) => number;
}

/**
 * Why one transaction of a cycle comes before the next, for a person.
 * @param a the name of the first, e.g. `T1`
 */
export function stepSentence(context: SentenceContext, step: StepData, a: string, b: string): string {
  const { history } = context.transactions;
  const key = step.key >= 0 ? keyText(history, step.key) : "";
  const element = step.value >= 0 ? elementText(history, step.value) : "";
  switch (step.type) {
    case "ww": {
      const before = context.before(step.key, step.value);
      const after = before >= 0 ? ` ${elementText(history, before)}` : "";
      return `${b} appended ${element} to ${key} after ${a} appended${after}`;
    }
    case "wr":
      return isSet(context, step)
        ? `${b} saw ${a}'s element ${element} in ${key}`
        : `${b} read ${key} as ${a} left it by appending ${element}`;
    case "rw": {
      const before = context.before(step.key, step.value);
      const state = before >= 0 ? `up to ${elementText(history, before)}` : "in its initial state";
      return `${a} read ${key} ${state} and did not see ${element}, which ${b} appended`;
    }
    case "rwp":
      return `${a} did not see ${b}'s element ${element} in ${key}, though ${b} committed it`;
    case "process":
      return `${a} and ${b} ran on the same process, ${a} first`;
    case "realtime":
      return `${a} completed (index ${rowIndex(context, step.from)}) before ${b} was invoked (index ${invocationIndex(context, step.to)})`;
  }
}

function isSet({ transactions: { history, row } }: SentenceContext, { from, key }: StepData): boolean {
  const at = row[from] ?? 0;
  for (let mop = history.mopStart[at] ?? 0; mop < (history.mopStart[at + 1] ?? 0); mop++)
    if (history.mopKey[mop] === key && history.mopKind[mop] === mopKindCode.add) return true;
  return false;
}

function rowIndex({ transactions: { history, row } }: SentenceContext, node: number): number {
  return indexOf(history, row[node] ?? 0);
}

function invocationIndex({ transactions: { history, row } }: SentenceContext, node: number): number {
  return indexOf(history, invocationOf(history, row[node] ?? 0));
}

function invocationOf({ pair }: History, row: number): number {
  const invocation = pair[row] ?? -1;
  return invocation >= 0 && invocation < row ? invocation : row;
}
