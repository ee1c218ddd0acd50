import type { IsolationLevel } from "../../history/header.ts";

/**
 * The levels as PostgreSQL spells them in SQL and in `transaction_isolation`. It accepts READ UNCOMMITTED,
 * says so when asked, and behaves as READ COMMITTED (PostgreSQL manual, 13.2).
 */
export const levelNames: Readonly<Record<IsolationLevel, string>> = {
  "read-uncommitted": "read uncommitted",
  "read-committed": "read committed",
  "repeatable-read": "repeatable read",
  serializable: "serializable",
};

/**
 * How a transaction begins. The level is part of BEGIN, because SET TRANSACTION before BEGIN would be
 * ignored without an error, and after it nothing would be gained.
 */
export function begin(isolation: IsolationLevel | undefined): readonly string[] {
  return [isolation === undefined ? "BEGIN" : `BEGIN ISOLATION LEVEL ${levelNames[isolation].toUpperCase()}`];
}
