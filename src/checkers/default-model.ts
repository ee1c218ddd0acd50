import type { Header } from "../history/header.ts";

/**
 * The model a server promises at the level of a run, by friendly name; strict-serializable for a
 * history of others, as in Elle.
 *
 * PostgreSQL documentation 13.2 ("Read Uncommitted" is read committed, "Repeatable Read" is snapshot
 * isolation, "Serializable" is serializable snapshot isolation). InnoDB: repeatable read lets locking
 * reads and updates see newer rows than the snapshot, hence only read committed, unless MariaDB's
 * `innodb_snapshot_isolation` makes them fail.
 */
export function defaultModel(header: Header | null): string {
  if (header === null) return "strict-serializable";
  const { isolation, database } = header;
  if (isolation === "serializable") return "serializable";
  if (database.kind === "postgres")
    return isolation === "repeatable-read" ? "snapshot-isolation" : "read-committed";
  if (isolation === "read-uncommitted") return "read-uncommitted";
  const snapshot = (database.settings.innodb_snapshot_isolation ?? "").toLowerCase();
  return isolation === "repeatable-read" && ["on", "1", "true"].includes(snapshot)
    ? "snapshot-isolation"
    : "read-committed";
}
