import type { Verdict } from "../checkers/verdict.ts";
import type { Plan } from "../generators/plan.ts";
import type { Performed } from "../runner/interleaved/stage.ts";
import type { Shrunk } from "../runner/shrink.ts";

/** What one executed schedule led to. */
export interface Outcome {
  readonly performed: Performed;
  readonly verdict: Verdict;
}

/** An anomaly, the schedule that shows it, and the smallest one that does. */
export interface Finding extends Outcome {
  readonly anomaly: string;
  /** Number of the schedule, from 0. */
  readonly schedule: number;
  readonly plan: Plan;
  /** Undefined when it was not asked for, or interrupted. */
  readonly shrunk: ShrunkFinding | undefined;
}

/** The smallest execution that shows a finding, and where it was left. */
export interface ShrunkFinding extends Shrunk {
  readonly directory: string;
  readonly verdict: Verdict;
  /** How often its moves show it, where the server has a say in what they lead to; undefined where it has none. */
  readonly rate: { readonly shows: number; readonly of: number } | undefined;
}
