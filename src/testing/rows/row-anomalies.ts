import { check } from "../../checkers/check.ts";
import { anomalyImplies } from "../../checkers/models/anomaly-table.ts";
import { closure } from "../../checkers/models/closure.ts";
import type { Witness } from "../../checkers/verdict.ts";
import type { History } from "../../history/history.ts";
import { writeSkews } from "../matchers/write-skew.ts";

/** What the transactions of an execution are proven to have shown, whatever their level permits. */
export interface RowAnomalies {
  /** By the names of the field, sorted. */
  readonly names: readonly string[];
  /** For each of them, one case in words. */
  readonly witnesses: readonly string[];
}

/** Judges a history of rows. */
export function rowAnomalies(history: History): RowAnomalies {
  const { anomalies } = check(history, { model: "serializable" });
  const skews = writeSkews(anomalies);
  const cases = new Map(Object.entries(anomalies));
  if (skews.length > 0) cases.set("write-skew", skews);
  const names = [...cases.keys()].sort();
  return { names, witnesses: names.map((name) => inWords(name, cases.get(name)?.[0])) };
}

/** A case of an anomaly, under the name that it is told by. */
function inWords(name: string, witness: Witness | undefined): string {
  return `${name}: ${(witness?.explanation ?? "").replace(/^[\w-]+: /, "")}`;
}

/**
 * The first of some anomalies that a history shows, and as what: by its own name, or by that of a case of it.
 *
 * @param names what the history shows
 */
export function shownOf(
  wanted: readonly string[],
  names: readonly string[],
): { readonly name: string; readonly as: string } | undefined {
  for (const name of wanted) {
    const as =
      names.find((one) => one === name) ?? names.find((one) => closure([one], anomalyImplies).has(name));
    if (as !== undefined) return { name, as };
  }
  return undefined;
}
