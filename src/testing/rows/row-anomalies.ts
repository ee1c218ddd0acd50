import { check } from "../../checkers/check.ts";
import { anomalyImplies } from "../../checkers/models/anomaly-table.ts";
import { closure } from "../../checkers/models/closure.ts";
import type { Witness } from "../../checkers/verdict.ts";
import { writeSkews } from "../matchers/write-skew.ts";
import type { WatchedRows } from "./watched-rows.ts";

/** What the transactions of an execution are proven to have shown, whatever their level permits. */
export interface RowAnomalies {
  /** By the names of the field, sorted. */
  readonly names: readonly string[];
  /** For each of them, one case in words. */
  readonly witnesses: readonly string[];
}

/**
 * Judges a history of rows. Whether an update was lost is not asked of the history, which tells rows and no columns:
 * what two transactions did to different columns, or added to one, would be among it.
 */
export function rowAnomalies({
  history,
  lostUpdates,
}: Pick<WatchedRows, "history" | "lostUpdates">): RowAnomalies {
  if (history === undefined) return { names: [], witnesses: [] };
  const { anomalies } = check(history, { model: "serializable" });
  const cases = new Map(Object.entries(anomalies).map(([name, [first]]) => [name, inWords(name, first)]));
  const [skew] = writeSkews(anomalies);
  if (skew !== undefined) cases.set("write-skew", inWords("write-skew", skew));
  const [lost] = lostUpdates.proven;
  cases.delete("lost-update");
  if (lost !== undefined) cases.set("lost-update", lost);
  const names = [...cases.keys()].sort();
  return { names, witnesses: names.map((name) => cases.get(name) ?? name) };
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
