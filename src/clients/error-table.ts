import { answerTimeoutCode } from "./answer-timeout.ts";
import { DatabaseError, type Phase } from "./database-error.ts";

/** What one code of a server means to us. */
export interface ErrorRow {
  /** Our word, the same on both databases. */
  readonly cause: string;
  /**
   * `always`: the server answers with it only when the transaction was rolled back, also in answer to COMMIT
   * or to a statement that commits itself. `before-commit`: that is proven only before COMMIT was sent.
   */
  readonly definite: "always" | "before-commit";
  /** Where that is written. */
  readonly source: string;
}

/** What a driver's error boils down to before it is looked up. */
export interface RawError {
  readonly message: string;
  readonly code: string | number | undefined;
  readonly row: ErrorRow | undefined;
}

/**
 * The rule that every error goes through. Before COMMIT was sent a failure is definite, because the server
 * rolls back what it was not told to commit, a lost connection included. After it, only an answer of the
 * server that is on the list of proven failures is.
 *
 * A connection that was lost carries no code: whether the server's last words or the socket's error come
 * first is a race, and a history must not depend on it. The original error is kept as `cause`.
 */
export function toDatabaseError(
  original: unknown,
  raw: RawError,
  phase: Phase,
  lost: boolean,
): DatabaseError {
  const sent = phase === "commit" || phase === "autocommit";
  const proven = !lost && raw.row?.definite === "always";
  const cut = lost && phase !== "connect";
  const cause = cut ? lossCause(raw.row) : (raw.row?.cause ?? "other");
  const code = raw.code === undefined ? "" : ` (${raw.code})`;
  return new DatabaseError(
    `${cause}${code}: ${raw.message}`,
    {
      cause,
      phase,
      outcome: sent && !proven ? "indeterminate" : "definite",
      code: cut ? undefined : raw.code,
      connectionLost: lost || phase === "connect",
    },
    original,
  );
}

/** Of a connection that is gone: that the server was shut down, or that we gave it up, is known without a race. */
const knownLosses: readonly string[] = ["server-shutdown", "answer-timeout"];

function lossCause(row: ErrorRow | undefined): string {
  return row !== undefined && knownLosses.includes(row.cause) ? row.cause : "connection-lost";
}

const socket = (cause: string): ErrorRow => ({
  cause,
  definite: "before-commit",
  source: "Node.js, Errors: common system errors",
});

/** What a code of the socket or of TLS means, the same under both drivers. */
export function socketRow(code: string): ErrorRow | undefined {
  return socketErrors[code] ?? (/CERT|SSL|TLS|SIGNATURE/.test(code) ? socket("tls-failed") : undefined);
}

/** Codes of the socket. None of them proves anything once COMMIT is sent. */
export const socketErrors: Readonly<Record<string, ErrorRow>> = {
  ECONNREFUSED: socket("connection-refused"),
  ENOTFOUND: socket("unknown-host"),
  EAI_AGAIN: socket("unknown-host"),
  EHOSTUNREACH: socket("unknown-host"),
  ENETUNREACH: socket("unknown-host"),
  ETIMEDOUT: socket("connect-timeout"),
  ECONNRESET: socket("connection-lost"),
  EPIPE: socket("connection-lost"),
  ECONNABORTED: socket("connection-lost"),
  [answerTimeoutCode]: {
    cause: "answer-timeout",
    definite: "before-commit",
    source: "isolab: a client that gives up waiting",
  },
};

/** A property of an unknown thrown value, without trusting its type. */
export function field(error: unknown, name: string): unknown {
  return typeof error === "object" && error !== null ? (error as Record<string, unknown>)[name] : undefined;
}

export function messageOf(error: unknown): string {
  // Several addresses tried in vain make an AggregateError, whose own message is empty.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return inner instanceof Error ? inner.message : String(inner);
}
