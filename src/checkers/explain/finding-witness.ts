import { operationAt } from "../../history/operation-at.ts";
import type { History } from "../../history/history.ts";
import type { Finding } from "../infer/finding.ts";
import type { Witness } from "../verdict.ts";
import { findingSentence } from "./finding-sentence.ts";

/** A bound: how many operations a witness that is no cycle lists. */
const operationsPerWitness = 16;

/** A finding that is no cycle as a case. */
export function findingWitness(history: History, finding: Finding): Witness {
  const rows = finding.rows.slice(0, operationsPerWitness);
  return {
    cycle: rows.map((row) => operationAt(history, row)),
    steps: [],
    explanation: findingSentence(history, { ...finding, rows }),
  };
}
