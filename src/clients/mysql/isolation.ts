import type { IsolationLevel } from "../../history/header.ts";

/** The levels as MySQL and MariaDB spell them in `@@transaction_isolation`. In SQL the hyphen is a space. */
export const levelNames: Readonly<Record<IsolationLevel, string>> = {
  "read-uncommitted": "READ-UNCOMMITTED",
  "read-committed": "READ-COMMITTED",
  "repeatable-read": "REPEATABLE-READ",
  serializable: "SERIALIZABLE",
};

/** The level as it is written after `ISOLATION LEVEL`. */
export function sqlLevel(isolation: IsolationLevel): string {
  return levelNames[isolation].replace("-", " ");
}

/**
 * How a transaction begins. SET TRANSACTION without SESSION or GLOBAL is for the next transaction only
 * (MySQL manual, SET TRANSACTION); the session's own level comes back after it.
 */
export function begin(isolation: IsolationLevel | undefined): readonly string[] {
  return isolation === undefined
    ? ["START TRANSACTION"]
    : [`SET TRANSACTION ISOLATION LEVEL ${sqlLevel(isolation)}`, "START TRANSACTION"];
}
