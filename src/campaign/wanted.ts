import type { Verdict } from "../checkers/verdict.ts";
import type { Variant, Workload } from "../workload/workload.ts";

/**
 * The anomaly of a verdict that an exploration looks for, undefined when there is none: one that was asked for
 * by name; otherwise what the level or the workload's invariants forbid, or what the workload names in
 * its expectations at whatever level; or anything at all if it names nothing.
 */
export function wantedAnomaly(
  verdict: Verdict,
  { asked, named }: { readonly asked: readonly string[]; readonly named: readonly string[] },
): string | undefined {
  if (asked.length > 0) return verdict.observed.find((name) => asked.includes(name));
  const [forbidden] = verdict.anomalyTypes;
  if (forbidden !== undefined) return forbidden;
  return verdict.observed.find((name) => named.length === 0 || named.includes(name));
}

/** The anomalies that some variant of a workload declares for some level: those it is about. */
export function namedAnomalies(workload: Workload): readonly string[] {
  const rules = Object.values(workload.variants).flatMap((variant: Variant) => variant.expect);
  return [...new Set(rules.flatMap(({ must = [], never = [] }) => [...must, ...never]))].sort();
}
