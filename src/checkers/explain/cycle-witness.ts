import { operationAt } from "../../history/operation-at.ts";
import type { Step, Witness } from "../verdict.ts";
import { indexOf, sentenceList } from "./describe.ts";
import type { StepData } from "./step-data.ts";
import { type SentenceContext, stepSentence } from "./step-sentence.ts";

/** A cycle as a case: its operations, a sentence per step, and the whole in words. */
export function cycleWitness(context: SentenceContext, anomaly: string, steps: readonly StepData[]): Witness {
  const { history, row } = context.transactions;
  const rows = steps.map(({ from }) => row[from] ?? 0);
  const names = rows.map((_, i) => `T${i + 1}`);
  const told = steps.map((step, i): Step => {
    const explanation = stepSentence(context, step, names[i] ?? "", names[(i + 1) % names.length] ?? "");
    const key = step.key >= 0 ? { key: history.keys[step.key] } : {};
    const value = step.value >= 0 ? { value: history.values[step.value] } : {};
    return { type: step.type, ...key, ...value, explanation };
  });
  const who = rows.map((at, i) => `${names[i] ?? ""} is index ${indexOf(history, at)}`);
  const why = told.map(({ explanation }) => explanation).join("; ");
  return {
    cycle: rows.map((at) => operationAt(history, at)),
    steps: told,
    explanation: `${anomaly}: each of these came before the next and the last before the first. ${sentenceList(who)}: ${why}.`,
  };
}
