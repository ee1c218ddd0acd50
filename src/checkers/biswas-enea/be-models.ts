import type { Boundary } from "../models/boundary.ts";

/** Read committed, read atomic and causal consistency as Biswas and Enea define them. */
export type BeModel = "be-read-committed" | "be-read-atomic" | "be-causal";

/** Weakest first: each implies those before it (Biswas and Enea 2019, section 2). */
export const beModels: readonly BeModel[] = ["be-read-committed", "be-read-atomic", "be-causal"];

/** What each model promises, in a line. */
export const beModelSummaries: Readonly<Record<BeModel, string>> = {
  "be-read-committed":
    "reads are of committed values, and within a transaction never go back behind what it has seen",
  "be-read-atomic":
    "of a transaction that one reads from, or that came before in its session, everything is seen",
  "be-causal": "of everything that came before, over any chain of reads and sessions, everything is seen",
};

/**
 * Reads that no write-read relation can explain: the definitions speak of histories without them, so
 * they break every model (their section 2; AWDIT 2025 calls the absence of such reads read consistency).
 */
export const inexplicableReads = ["G1a", "G1b", "future-read", "garbage-read", "internal"] as const;

/** The anomaly of a model: the commit order that its axiom forces has a cycle. */
export function cycleAnomaly(model: BeModel): string {
  return `${model}-cycle`;
}

/** Whether it is one of {@link beModels}. */
export function isBeModel(name: string): name is BeModel {
  return (beModels as readonly string[]).includes(name);
}

/** The model and those it implies, weakest first. */
export function impliedBeModels(model: BeModel): readonly BeModel[] {
  return beModels.slice(0, beModels.indexOf(model) + 1);
}

/** Every anomaly whose presence breaks the model. */
export function beProhibited(model: BeModel): ReadonlySet<string> {
  return new Set([...inexplicableReads, ...impliedBeModels(model).map(cycleAnomaly)]);
}

/**
 * The weakest of these models that the anomalies rule out, and the stronger ones. They stand apart from
 * Adya's: what breaks them says nothing about his levels, which are weaker.
 */
export function beBoundary(anomalies: Iterable<string>): Boundary {
  const found = [...anomalies];
  const broken = beModels.filter((model) => found.some((anomaly) => beProhibited(model).has(anomaly)));
  return { not: broken.slice(0, 1), alsoNot: broken.slice(1).sort() };
}
