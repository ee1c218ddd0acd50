import type { Json } from "./operation.ts";

/** The four SQL isolation levels, as they are spelled in code, JSON, CLI and docs. */
export const isolationLevels = [
  "read-uncommitted",
  "read-committed",
  "repeatable-read",
  "serializable",
] as const;

/** One of the four SQL isolation levels. */
export type IsolationLevel = (typeof isolationLevels)[number];

export const databaseKinds = ["postgres", "mysql", "mariadb"] as const;

/** What the server says it is, whichever flag it was asked for with. */
export type DatabaseKind = (typeof databaseKinds)[number];

/** The server a history was recorded on. Nothing here names a host, a port, a path or a person. */
export interface DatabaseDescription {
  readonly kind: DatabaseKind;
  /** As the server prints it, without the distribution's suffix: `18.4`, `10.11.19`. */
  readonly version: string;
  /** Server variables that change what is promised, as read back from a session of the run. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The version of the history format that this code writes. */
export const historyFormat = 1;

/** The first line of a history of ours. Histories of others have none. */
export interface Header {
  readonly isolab: typeof historyFormat;
  readonly seed: string;
  readonly workload: string;
  readonly variant?: string;
  readonly params: Readonly<Record<string, Json>>;
  readonly mode: "stress" | "interleaved";
  readonly isolation: IsolationLevel;
  readonly database: DatabaseDescription;
  /** The domain checkers that the workload asked for, by name, beside the graph checkers. */
  readonly checks?: readonly string[];
}
