import { domainCheckers } from "../../checkers/domain/domain-checkers.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import type { Workload } from "../../workload/workload.ts";
import type { Measured } from "./measure.ts";
import { tolerableLoss, type Standing } from "./recommend.ts";

/** What is known of a variant at one level of one server, at one contention. */
export interface Evidence {
  /** A verdict for each round, and what was measured in it. */
  readonly rounds: readonly { readonly verdict: Verdict; readonly measured: Measured | null }[];
  /** Anomalies that count against it and showed at another contention. */
  readonly elsewhere: readonly string[];
  /** Anomalies that it declares to show there sooner or later. */
  readonly declared: readonly string[];
}

/**
 * Judges by all that is known: a race that is seldom at low contention and was not seen there is still one, if
 * it was seen at high contention or the variant itself declares it.
 */
export function standingOf(workload: Workload, { rounds, elsewhere, declared }: Evidence): Standing {
  const here = againstIt(
    workload,
    rounds.map(({ verdict }) => verdict),
  );
  if (here.length > 0) return { kind: "wrong", anomalies: here, seen: "here" };
  if (elsewhere.length > 0) return { kind: "wrong", anomalies: elsewhere, seen: "elsewhere" };
  const declaredInvariants = counting(workload, declared);
  if (declaredInvariants.length > 0)
    return { kind: "wrong", anomalies: declaredInvariants, seen: "declared" };
  const because = unprovenBecause(rounds);
  if (because !== undefined) return { kind: "unknown", because };
  const share = lostShare(rounds.flatMap(({ measured }) => measured ?? []));
  return share > tolerableLoss ? { kind: "loses", share } : { kind: "clean" };
}

/**
 * The anomalies that count against a variant: what its level forbids and what breaks the workload's rules. A
 * workload without rules of its own has only the anomalies to go by, so all that were seen count.
 */
export function againstIt(
  { checks }: Pick<Workload, "checks">,
  verdicts: readonly Verdict[],
): readonly string[] {
  const names = verdicts.flatMap(({ anomalyTypes, observed }) =>
    checks.length > 0 ? anomalyTypes : observed,
  );
  return [...new Set(names)].sort();
}

/** Of what a variant declares, the part that breaks the workload's rules, where it has any. */
function counting({ checks }: Workload, declared: readonly string[]): readonly string[] {
  if (checks.length === 0) return declared;
  const rules = new Set(
    checks.flatMap((check) =>
      typeof check === "string" ? Object.keys(domainCheckers.get(check)?.anomalies ?? {}) : [check.name],
    ),
  );
  return declared.filter((anomaly) => rules.has(anomaly));
}

function unprovenBecause(rounds: Evidence["rounds"]): string | undefined {
  for (const { verdict, measured } of rounds) {
    if (verdict.valid === "unknown") return verdict.because ?? "the history proves too little";
    if (measured === null) return "the plan was over within the warm-up";
    if (measured.committed === 0) return "nothing was committed while it was measured";
  }
  return rounds.length === 0 ? "it was not run" : undefined;
}

function lostShare(rounds: readonly Measured[]): number {
  const sum = (pick: (round: Measured) => number): number =>
    rounds.reduce((total, one) => total + pick(one), 0);
  const lost = sum((one) => one.lost);
  return lost === 0 ? 0 : lost / (lost + sum((one) => one.committed + one.refused + one.unknown));
}
