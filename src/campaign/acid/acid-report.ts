import type { DatabaseDescription, IsolationLevel } from "../../history/header.ts";

/** One statement of a two-session schedule, and what came of it. */
export interface AcidStep {
  readonly session: "A" | "B";
  readonly sql: string;
  /** The first column of the first row that it showed. */
  readonly shown?: string;
  /** It had to wait for the other session. */
  readonly waited?: boolean;
  /** The cause with which the server refused it. */
  readonly refused?: string;
}

/** One thing that was tried, and whether the server kept what it promises. The keys are what `--json` prints. */
export interface AcidCheck {
  readonly property: "atomicity" | "consistency" | "isolation" | "durability";
  readonly name: string;
  /** What was seen, in words and values. */
  readonly observed: string;
  readonly outcome: "kept" | "broken" | "not-tried";
  /** Isolation only: the level of both sessions, and whether it showed what its name says. */
  readonly isolation?: IsolationLevel;
  readonly shows?: boolean;
  readonly steps?: readonly AcidStep[];
  /** Durability only. */
  readonly commits?: CommitCounts;
}

/** What became of the commits that were under way when the server was killed. */
export interface CommitCounts {
  readonly acknowledged: number;
  /** Acknowledged, and not there after the restart. */
  readonly missing: number;
  /** Nobody knows: the answer to COMMIT never came. */
  readonly unknown: number;
  readonly unknownThere: number;
  /** Surely not committed. */
  readonly failed: number;
  readonly failedThere: number;
}

/** Atomicity, consistency, isolation and durability of one server, as they were seen. */
export interface AcidReport {
  readonly database: DatabaseDescription;
  readonly checks: readonly AcidCheck[];
}
