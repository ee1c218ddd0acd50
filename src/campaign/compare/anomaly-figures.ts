import { type Cases, casesOf } from "../../checkers/cases.ts";
import { type Verdict, witnessesPerType } from "../../checkers/verdict.ts";

/** How often an anomaly was proven in one run, and how early; see {@link Cases}. */
export interface AnomalyFigures {
  /** Distinct cases. */
  readonly cases: number;
  /** There may be more cases than were counted. */
  readonly more: boolean;
  /** Distinct operations in those cases. */
  readonly operations: number;
  /** The index in the history of the earliest completion in those cases; null where a case names no operation. */
  readonly first: number | null;
}

/** The figures of everything that a verdict names; where it has no counts, of the witnesses that it keeps. */
export function figuresOf({
  observed,
  anomalies,
  cases = {},
}: Verdict): Readonly<Record<string, AnomalyFigures>> {
  return Object.fromEntries(
    observed.map((name) => [name, figures(cases[name] ?? ofWitnesses(anomalies[name] ?? []))]),
  );
}

function ofWitnesses(witnesses: Verdict["anomalies"][string]): Cases {
  return casesOf(witnesses, witnesses.length >= witnessesPerType);
}

function figures({ count, more, operations, firstOperation }: Cases): AnomalyFigures {
  return { cases: count, more, operations, first: firstOperation };
}
