import type { History } from "../../history/history.ts";
import type { Cases } from "../cases.ts";
import type { Witness } from "../verdict.ts";

/** What a domain checker found. Its anomalies break invariants of the application, at every level. */
export interface DomainResult {
  /** Anomaly → all its cases, of which a verdict keeps the first few. */
  readonly anomalies: Readonly<Record<string, readonly Witness[]>>;
  /** How many there are, of the anomalies of which not all are in `anomalies`. */
  readonly cases?: Readonly<Record<string, Cases>>;
  /** Worth telling, but no error. */
  readonly notes: readonly string[];
}

/** Checks the invariants of one application, by what its operations carry in `data`. */
export interface DomainChecker {
  readonly name: string;
  readonly summary: string;
  /** The anomalies it can find, with a line on each. */
  readonly anomalies: Readonly<Record<string, string>>;
  /** Looks for them in a history. */
  readonly check: (history: History) => DomainResult;
}
