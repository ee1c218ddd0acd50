import type { History } from "../../history/history.ts";
import type { Finding } from "../infer/finding.ts";
import type { Witness } from "../verdict.ts";
import { findingSentence } from "./finding-sentence.ts";
import { parties, who } from "./party.ts";
import { sentenceList } from "./value-text.ts";

/** A bound: how many operations a witness that is no cycle lists. */
const operationsPerWitness = 16;

/** A finding that is no cycle as a case: its operations, and what they prove. */
export function findingWitness(history: History, finding: Finding): Witness {
  const named = parties(history, finding.rows.slice(0, operationsPerWitness));
  const { type, rows } = finding;
  const more = rows.length - named.length;
  const everybody = sentenceList([...named.map(who), ...(more > 0 ? [`${more} more did the same`] : [])]);
  const sentence = findingSentence(named, {
    type,
    key: history.keys[finding.key] ?? null,
    ...(finding.element >= 0 ? { element: history.values[finding.element] ?? null } : {}),
  });
  return {
    cycle: named.map(({ operation }) => operation),
    steps: [],
    explanation: `${type}: ${everybody}. ${sentence}`,
  };
}
