import type { DatabaseError, Phase } from "../database-error.ts";
import { type ErrorRow, field, messageOf, socketRow, toDatabaseError } from "../error-table.ts";

const innodb = "MySQL manual, 17.20.5 (InnoDB error handling)";
const reference = "MySQL error reference";
const mariadb = "MariaDB error code reference";

const always = (cause: string, source: string): ErrorRow => ({ cause, definite: "always", source });
const before = (cause: string, source: string): ErrorRow => ({ cause, definite: "before-commit", source });

/**
 * errno to what it means. Only what InnoDB's error handling says is undone is on the list of proven
 * failures; errors that can strike while a commit is being carried out (1317, 1053, 1180) are not.
 */
export const errorTable: Readonly<Record<number, ErrorRow>> = {
  1213: always("deadlock", innodb),
  1205: always("lock-timeout", `${innodb}; MariaDB answers NOWAIT with it too`),
  1020: always("snapshot-conflict", "MariaDB manual, innodb_snapshot_isolation"),
  1206: before("out-of-memory", `${reference} (the lock table is full)`),
  1412: always("schema-changed", reference),
  1614: always("deadlock", reference),
  3058: always("deadlock", "MySQL manual, 14.14 (locking functions): user-level locks"),
  3572: always("lock-not-available", "MySQL manual, 17.7.2.4 (NOWAIT)"),

  1062: always("duplicate-key", innodb),
  1586: before("duplicate-key", reference),
  1169: before("duplicate-key", `${reference}; InnoDB does not answer it`),
  1216: always("foreign-key", reference),
  1217: always("foreign-key", reference),
  1451: always("foreign-key", reference),
  1452: always("foreign-key", reference),
  3819: always("check-violation", reference),
  4025: always("check-violation", mariadb),
  1048: always("not-null", reference),
  1364: always("not-null", `${reference} (no value and no default)`),

  1264: always("data-exception", reference),
  1292: always("data-exception", reference),
  1365: always("data-exception", reference),
  1366: always("data-exception", reference),
  1406: always("data-exception", reference),
  1690: always("data-exception", reference),
  1242: always("data-exception", `${reference} (a subquery with several rows)`),
  1644: always("raised", "MySQL manual, SIGNAL"),
  1064: always("syntax", reference),
  1136: always("syntax", `${reference} (more or fewer values than columns)`),
  1052: always("syntax", `${reference} (an ambiguous column)`),
  1305: always("syntax", `${reference} (no such function, procedure or savepoint)`),
  1146: always("undefined-table", reference),
  1051: before("undefined-table", "MariaDB manual, DROP TABLE: the tables that do exist are gone"),
  1054: always("undefined-column", reference),
  1050: always("already-exists", reference),
  1061: always("already-exists", reference),
  1142: always("permission-denied", reference),
  1143: always("permission-denied", reference),
  1227: always("permission-denied", reference),
  1792: always("read-only", "MySQL manual, START TRANSACTION READ ONLY"),
  1290: always("read-only", `${reference} (an option such as --read-only forbids it)`),
  1836: always("read-only", reference),
  1114: always("disk-full", innodb),
  1021: before("disk-full", reference),

  1317: before("cancelled", "MySQL manual, KILL QUERY: what it interrupts is not said"),
  1969: before("statement-timeout", "MariaDB manual, max_statement_time"),
  3024: before("statement-timeout", "MySQL manual, max_execution_time"),
  1180: before("commit-failed", reference),

  1044: before("permission-denied", reference),
  1045: before("authentication-failed", reference),
  1698: before("authentication-failed", reference),
  1130: before("authentication-failed", `${reference} (this host may not connect)`),
  1129: before("authentication-failed", `${reference} (this host is blocked)`),
  1049: before("unknown-database", reference),
  3159: before("tls-required", "MySQL manual, require_secure_transport"),
  1040: before("too-many-connections", reference),
  1203: before("too-many-connections", reference),
  1226: before("too-many-connections", reference),

  1053: before("server-shutdown", reference),
  1927: before("connection-lost", `${mariadb} (the connection was killed)`),
  4031: before("connection-lost", `${reference} (idle for too long); MariaDB means something else by it`),
  1158: before("connection-lost", reference),
  1159: before("connection-lost", reference),
  1160: before("connection-lost", reference),
  1161: before("connection-lost", reference),
};

/** Codes that mysql2 makes up itself. */
export const driverErrors: Readonly<Record<string, ErrorRow>> = {
  PROTOCOL_CONNECTION_LOST: before("connection-lost", "mysql2: the server closed the connection"),
  PROTOCOL_SEQUENCE_TIMEOUT: before("connection-lost", "mysql2: the answer took too long"),
  HANDSHAKE_NO_SSL_SUPPORT: before("tls-unavailable", "mysql2: TLS was asked for"),
  HANDSHAKE_SSL_ERROR: before("tls-failed", "mysql2: the TLS handshake failed"),
};

/** After these InnoDB has undone more than the statement, or the contract asks for the whole to be undone. */
const endsTransaction = new Set([1213, 1205, 1020, 1206, 1614, 1412]);

/** True when the transaction must be rolled back at once: SQLSTATE class 40, and what InnoDB documents. */
export function endsTheTransaction(error: unknown): boolean {
  const errno = field(error, "errno");
  return (
    (typeof errno === "number" && endsTransaction.has(errno)) ||
    String(field(error, "sqlState")).startsWith("40")
  );
}

/** Any error of `mysql2` as one of ours. @param lost the connection is known to be gone */
export function classify(error: unknown, phase: Phase, lost: boolean): DatabaseError {
  const errno = field(error, "errno");
  const driverCode = field(error, "code");
  // A negative errno is the operating system's (a socket), a positive one the server's.
  const fromServer = typeof errno === "number" && errno > 0;
  const code = fromServer ? errno : typeof driverCode === "string" ? driverCode : undefined;
  const row =
    typeof code === "number"
      ? serverRow(code, error)
      : code === undefined
        ? undefined
        : (driverErrors[code] ?? socketRow(code));
  const gone = lost || field(error, "fatal") === true || row?.cause === "connection-lost";
  return toDatabaseError(error, { message: messageOf(error), code, row }, phase, gone);
}

/**
 * What the server's number means. To MariaDB 4031 is a trigger's unknown neighbour (FOLLOWS, PRECEDES). A server
 * that speaks another language leaves it at the end of the session, which costs one and claims nothing.
 */
function serverRow(errno: number, error: unknown): ErrorRow | undefined {
  return errno === 4031 && messageOf(error).includes("trigger") ? undefined : errorTable[errno];
}
