import { hermitage, mysqlManual, postgresManual } from "./sources.ts";

/** A level that a server offers, and what it comes to. */
export interface ServerLevel {
  readonly server: "PostgreSQL" | "InnoDB";
  readonly level: string;
  /** The strongest model, by friendly name, that it keeps. */
  readonly keeps: string;
  readonly note?: string;
}

/** InnoDB stands for MySQL and MariaDB. */
export const serverLevels: readonly ServerLevel[] = [
  {
    server: "PostgreSQL",
    level: "READ COMMITTED",
    keeps: "monotonic-atomic-view",
    note: "a snapshot per statement (RU too)",
  },
  {
    server: "PostgreSQL",
    level: "REPEATABLE READ",
    keeps: "snapshot-isolation",
    note: "a snapshot per transaction",
  },
  {
    server: "PostgreSQL",
    level: "SERIALIZABLE",
    keeps: "serializable",
    note: "snapshots; dangerous circles fail",
  },
  {
    server: "InnoDB",
    level: "READ UNCOMMITTED",
    keeps: "read-uncommitted",
    note: "sees what is not committed",
  },
  {
    server: "InnoDB",
    level: "READ COMMITTED",
    keeps: "monotonic-atomic-view",
    note: "a snapshot per statement",
  },
  {
    server: "InnoDB",
    level: "REPEATABLE READ",
    keeps: "read-committed",
    note: "a snapshot until it writes",
  },
  {
    server: "InnoDB",
    level: "REPEATABLE READ, innodb_snapshot_isolation",
    keeps: "snapshot-isolation",
    note: "MariaDB; default since 11.6.2",
  },
  {
    server: "InnoDB",
    level: "SERIALIZABLE",
    keeps: "serializable",
    note: "every read takes a lock",
  },
];

/** Whether a level prevents an anomaly: always, never, or only in transactions that do not write. */
export type Prevention = "prevented" | "can occur" | "prevented for readers";

/** One answer per level, in the order of {@link serverLevels}. */
type Row = readonly [
  Prevention,
  Prevention,
  Prevention,
  Prevention,
  Prevention,
  Prevention,
  Prevention,
  Prevention,
];

const x = "prevented";
const o = "can occur";
const r = "prevented for readers";

const everywhere: Row = [x, x, x, x, x, x, x, x];
const unlessDirty: Row = [x, x, x, o, x, x, x, x];
const withSnapshots: Row = [o, x, x, o, o, r, x, x];
const onlySerializable: Row = [o, o, x, o, o, o, o, x];

const rows: Readonly<Record<string, Row>> = {
  G0: everywhere,
  "dirty-update": everywhere,
  "duplicate-elements": everywhere,
  "future-read": everywhere,
  "garbage-read": everywhere,
  G1a: unlessDirty,
  G1b: unlessDirty,
  G1c: unlessDirty,
  G1: unlessDirty,
  OTV: unlessDirty,
  "incompatible-order": unlessDirty,
  internal: withSnapshots,
  "G-single": withSnapshots,
  "G-single-item": withSnapshots,
  "G-nonadjacent": withSnapshots,
  "G-nonadjacent-item": withSnapshots,
  "lost-update": [o, x, x, o, o, o, x, x],
  "write-skew": onlySerializable,
  "G2-item": onlySerializable,
  G2: onlySerializable,
};

/**
 * Which levels prevent an anomaly, in the order of {@link serverLevels}; undefined where no promise is
 * known. Read off the servers' documentation and Hermitage, and measured on PostgreSQL and MariaDB 10.11.
 */
export function preventionOf(anomaly: string): readonly Prevention[] | undefined {
  return Object.hasOwn(rows, anomaly) ? rows[anomaly] : undefined;
}

/** Where the table comes from. */
export const preventionSources: readonly string[] = [postgresManual, mysqlManual, hermitage];
