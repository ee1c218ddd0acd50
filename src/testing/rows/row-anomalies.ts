import { check } from "../../checkers/check.ts";
import { anomalyImplies } from "../../checkers/models/anomaly-table.ts";
import { closure } from "../../checkers/models/closure.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import type { History } from "../../history/history.ts";

/** What the transactions of an execution are proven to have shown, whatever their level permits. */
export interface RowAnomalies {
  /** By the names of the field, sorted. */
  readonly names: readonly string[];
  /** For each of them, one case in words. */
  readonly witnesses: readonly string[];
  readonly verdict: Verdict;
}

/** Judges a history of rows. */
export function rowAnomalies(history: History): RowAnomalies {
  const verdict = check(history, { model: "serializable" });
  const names = verdict.observed;
  const witnesses = names.flatMap((name) => verdict.anomalies[name]?.[0]?.explanation ?? []);
  return { names, witnesses, verdict };
}

/** The first of some anomalies that a history shows, by its own name or by that of a case of it. */
export function shownOf(wanted: readonly string[], names: readonly string[]): string | undefined {
  const shown = closure(names, anomalyImplies);
  return wanted.find((name) => shown.has(name));
}
