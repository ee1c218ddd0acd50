import type { Transactions } from "../infer/transactions.ts";
import type { Step, Witness } from "../verdict.ts";
import { parties, who } from "./party.ts";
import type { StepData } from "./step-data.ts";
import { type StepFacts, stepSentence } from "./step-sentence.ts";
import { sentenceList } from "./value-text.ts";

/** What the sentences of a cycle are made from. */
export interface SentenceContext {
  readonly transactions: Transactions;
  /** The element that came right before another in a key's order, or -1. */
  readonly before: (key: number, element: number) => number;
}

/** A cycle as a case: its operations, a sentence per step, and the whole in words. */
export function cycleWitness(context: SentenceContext, anomaly: string, steps: readonly StepData[]): Witness {
  const { history, row } = context.transactions;
  const named = parties(
    history,
    steps.map(({ from }) => row[from] ?? 0),
  );
  const told = steps.flatMap((step, i): readonly Step[] => {
    const [a, b] = [named[i], named[(i + 1) % named.length]];
    if (a === undefined || b === undefined) return [];
    const facts = stepFacts(context, step);
    const { type, key, value } = facts;
    return [
      {
        type,
        ...(key === undefined ? {} : { key }),
        ...(value === undefined ? {} : { value }),
        explanation: stepSentence(facts, a, b),
      },
    ];
  });
  const why = told.map(({ explanation }) => explanation).join("; ");
  return {
    cycle: named.map(({ operation }) => operation),
    steps: told,
    explanation: `${anomaly}: each of these came before the next and the last before the first. ${sentenceList(named.map(who))}: ${why}.`,
  };
}

function stepFacts({ transactions, before }: SentenceContext, step: StepData): StepFacts {
  const { keys, values } = transactions.history;
  const key = step.key >= 0 ? keys[step.key] : undefined;
  const value = step.value >= 0 ? values[step.value] : undefined;
  const previous = key === undefined || value === undefined ? -1 : before(step.key, step.value);
  const earlier = previous >= 0 ? values[previous] : undefined;
  return {
    type: step.type,
    ...(key === undefined ? {} : { key }),
    ...(value === undefined ? {} : { value }),
    ...(earlier === undefined ? {} : { before: earlier }),
  };
}
