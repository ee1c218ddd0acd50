import type { DatabaseError, Phase } from "../database-error.ts";
import { type ErrorRow, field, messageOf, socketRow, toDatabaseError } from "../error-table.ts";

const appendix = "PostgreSQL manual, Appendix A (error codes)";
const mvcc = "PostgreSQL manual, 13.5 (serialization failure handling)";
const abort = "PostgreSQL manual, 55.2 (message flow): an ERROR aborts the transaction";

const always = (cause: string, source: string): ErrorRow => ({ cause, definite: "always", source });
const before = (cause: string, source: string): ErrorRow => ({ cause, definite: "before-commit", source });

/**
 * SQLSTATE, or its class (two characters), to what it means. The longer one wins.
 *
 * An ERROR in answer to COMMIT means the transaction was rolled back: what could go wrong after the commit
 * record is written is a PANIC or a WARNING, never an ERROR. The list names the codes for which a run on a
 * real server, or the manual, says so; the rest stays indeterminate once COMMIT was sent.
 */
export const errorTable: Readonly<Record<string, ErrorRow>> = {
  "40001": always("serialization-failure", mvcc),
  "40P01": always("deadlock", mvcc),
  "40002": always("integrity-constraint", appendix),
  "40003": before("statement-completion-unknown", appendix),
  "55P03": always("lock-not-available", appendix),
  "57014": always("cancelled", "PostgreSQL manual, 9.28.2 (pg_cancel_backend)"),
  "25P02": always("transaction-aborted", abort),
  "25006": always("read-only", appendix),
  "25": always("transaction-state", appendix),

  "23505": always("duplicate-key", "PostgreSQL manual, SET CONSTRAINTS: a deferred one is checked at COMMIT"),
  "23503": always("foreign-key", "PostgreSQL manual, SET CONSTRAINTS: a deferred one is checked at COMMIT"),
  "23514": always("check-violation", appendix),
  "23502": always("not-null", appendix),
  "23P01": always("exclusion-violation", appendix),
  "23": always("integrity-constraint", appendix),

  "21": always("data-exception", appendix),
  "22": always("data-exception", appendix),
  "42601": always("syntax", appendix),
  "42P01": always("undefined-table", appendix),
  "42703": always("undefined-column", appendix),
  "42P07": always("already-exists", appendix),
  "42710": always("already-exists", appendix),
  "42501": always("permission-denied", appendix),
  "42": always("syntax", appendix),
  "0A": always("not-supported", appendix),
  P0: always("raised", appendix),

  "53100": always("disk-full", appendix),
  "53200": always("out-of-memory", `${mvcc}; SERIALIZABLE can run out of predicate locks`),
  "53300": before("too-many-connections", appendix),
  "53400": always("limit-exceeded", "PostgreSQL manual, temp_file_limit"),
  "54": always("limit-exceeded", appendix),
  "55": always("object-state", appendix),

  "28": before("authentication-failed", appendix),
  "3D000": before("unknown-database", appendix),
  "3F000": before("unknown-schema", appendix),

  // The next ones end the session, and may cut off the answer to a COMMIT that was carried out.
  "57P01": before("connection-lost", "PostgreSQL manual, 9.28.2 (pg_terminate_backend)"),
  "57P02": before("server-shutdown", appendix),
  "57P03": before("server-shutdown", appendix),
  "57P05": before("connection-lost", "PostgreSQL manual, idle_session_timeout"),
  "25P03": before("connection-lost", "PostgreSQL manual, idle_in_transaction_session_timeout"),
  "25P04": before("connection-lost", "PostgreSQL manual, transaction_timeout"),
  "08": before("connection-exception", appendix),
};

/** Errors that `pg` makes up itself while it connects: they have a text and no code. */
export const driverErrors: Readonly<Record<string, ErrorRow>> = {
  "timeout expired": before("connect-timeout", "pg: connectionTimeoutMillis"),
  "Connection terminated unexpectedly": before("connection-lost", "pg: the server closed the connection"),
  "The server does not support SSL connections": before("tls-unavailable", "pg: answer to SSLRequest"),
  "There was an error establishing an SSL connection": before("tls-failed", "pg: answer to SSLRequest"),
};

/** Any error of `pg` as one of ours. @param lost the connection is known to be gone */
export function classify(error: unknown, phase: Phase, lost: boolean): DatabaseError {
  const code = field(error, "code");
  const known = typeof code === "string" ? code : undefined;
  const fatal = ["FATAL", "PANIC"].includes(String(field(error, "severity")));
  const isState =
    known !== undefined && /^[0-9A-Z]{5}$/.test(known) && field(error, "severity") !== undefined;
  const row = isState
    ? stateRow(known, error)
    : known === undefined
      ? driverErrors[messageOf(error)]
      : socketRow(known);
  return toDatabaseError(error, { message: messageOf(error), code: known, row }, phase, lost || fatal);
}

function stateRow(state: string, error: unknown): ErrorRow | undefined {
  const row = errorTable[state] ?? errorTable[state.slice(0, 2)];
  const cause = row === undefined ? undefined : refined(state, error);
  return row === undefined || cause === undefined ? row : { ...row, cause };
}

/** Some SQLSTATEs stand for two things. */
function refined(state: string, error: unknown): string | undefined {
  // lock_timeout is an interrupt, NOWAIT a refusal by the lock itself; the routine's name is never translated.
  if (state === "55P03" && field(error, "routine") === "ProcessInterrupts") return "lock-timeout";
  // Both come from the same routine. A server that speaks another language leaves it at `cancelled`.
  if (state === "57014" && messageOf(error).includes("statement timeout")) return "statement-timeout";
  // An ERROR of this class leaves our session as it is: it is about one message, or a connection of the server's.
  if (state.startsWith("08") && field(error, "severity") !== "ERROR") return "connection-lost";
  return undefined;
}
