import type { Witness } from "../../checkers/verdict.ts";

/** What was asked about a history, answered. `"unknown"` passes for neither. */
export interface Answer {
  readonly holds: boolean | "unknown";
  /** One sentence, without a period: what is so, or why nobody knows. */
  readonly sentence: string;
  /** Anomaly → witnesses: what the answer rests on; empty where it rests on nothing having been found. */
  readonly anomalies: Readonly<Record<string, readonly Witness[]>>;
}

/** An answer that proves nothing. */
export function unknown(sentence: string): Answer {
  return { holds: "unknown", sentence: sentence.replace(/\.$/, ""), anomalies: {} };
}

/** Those of the anomalies that are named, in the order of the names. */
export function pick(
  anomalies: Readonly<Record<string, readonly Witness[]>>,
  names: readonly string[],
): Readonly<Record<string, readonly Witness[]>> {
  return Object.fromEntries(names.map((name) => [name, anomalies[name] ?? []]));
}
