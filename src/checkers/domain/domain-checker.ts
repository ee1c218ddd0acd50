import type { History } from "../../history/history.ts";
import type { Witness } from "../verdict.ts";

/** What a domain checker found. Its anomalies break invariants of the application, at every level. */
export interface DomainResult {
  /** Anomaly → cases, the first few. */
  readonly anomalies: Readonly<Record<string, readonly Witness[]>>;
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
