import { type Verdict, witnessesPerType } from "../../checkers/verdict.ts";

/** How often an anomaly was proven in one run, and how early. */
export interface AnomalyFigures {
  /** Cases that the verdict carries. The checkers stop at a few for each anomaly. */
  readonly cases: number;
  /** There may be more cases than the verdict carries. */
  readonly more: boolean;
  /** Distinct operations in those cases. */
  readonly operations: number;
  /** The index in the history of the earliest completion in those cases; null where a case names no operation. */
  readonly first: number | null;
}

/** The figures of everything that a verdict names. */
export function figuresOf({ observed, anomalies }: Verdict): Readonly<Record<string, AnomalyFigures>> {
  return Object.fromEntries(
    observed.map((name) => {
      const witnesses = anomalies[name] ?? [];
      const indices = new Set(witnesses.flatMap(({ cycle }) => cycle.map(({ index }) => index)));
      const figures: AnomalyFigures = {
        cases: witnesses.length,
        more: witnesses.length >= witnessesPerType,
        operations: indices.size,
        first: indices.size === 0 ? null : Math.min(...indices),
      };
      return [name, figures];
    }),
  );
}
