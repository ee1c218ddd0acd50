import type { Verdict } from "../../checkers/verdict.ts";
import type { History } from "../../history/history.ts";
import { operationAt } from "../../history/operation-at.ts";

/**
 * What a run has shown, as strings that are equal for what is the same: each anomaly of each variant at each level,
 * each cause of a failed attempt and each fault that struck in each workload. A run whose strings are all known
 * has shown nothing new.
 */
export function coverageOf(
  history: History,
  verdict: Pick<Verdict, "observed" | "valid">,
): ReadonlySet<string> {
  const { header } = history;
  if (header === null) return new Set();
  const { database, workload, variant, isolation, mode } = header;
  const shown = new Set<string>([
    `${database.kind} ${workload}:${variant} ${isolation} ${mode} ${verdict.valid}`,
  ]);
  for (const anomaly of verdict.observed)
    shown.add(`${database.kind} ${workload}:${variant} ${isolation} shows ${anomaly}`);
  for (let row = 0; row < history.length; row++) {
    const { process, type, f, error, value } = operationAt(history, row);
    if (type !== "fail" && type !== "info") continue;
    if (process === "nemesis") {
      if (value !== null) shown.add(`${database.kind} ${workload} ${mode} under ${f}`);
      continue;
    }
    shown.add(`${database.kind} ${workload}.${f} ${type} ${causeOf(error)}`);
  }
  return shown;
}

function causeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "cause" in error ? String(error.cause) : "unknown";
}
