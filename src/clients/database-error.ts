import { errorJson } from "./error-json.ts";

/**
 * What an error proves of the transaction it ended. `definite`: it surely did not commit.
 * `indeterminate`: it may have. Anything not on a database's list of proven failures is
 * indeterminate once COMMIT (or an autocommitted statement) has been sent.
 */
export type Outcome = "definite" | "indeterminate";

/** When the error came: `connect` nothing was sent, `statement` inside a transaction, `commit`, `autocommit`. */
export type Phase = "connect" | "statement" | "commit" | "autocommit";

/** What is known of a database's error. */
export interface DatabaseErrorFields {
  /** Our word for it, e.g. `serialization-failure`; see the tables in postgres/errors.ts and mysql/errors.ts. */
  readonly cause: string;
  readonly phase: Phase;
  readonly outcome: Outcome;
  /** SQLSTATE, errno or the driver's code; undefined where the driver gave none. */
  readonly code: string | number | undefined;
  /** True when the session is gone and a fresh one is needed. */
  readonly connectionLost: boolean;
}

/** A statement, a commit or a connection attempt went wrong on the server or on the way to it. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly fields: DatabaseErrorFields;

  constructor(message: string, fields: DatabaseErrorFields, original?: unknown) {
    super(message, original === undefined ? undefined : { cause: original });
    this.fields = fields;
  }
}

/**
 * The surroundings are not as needed: no server, wrong password, missing permission, no disk. The
 * message is one sentence for the user and says what to do; the CLI exits with 3.
 */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";

  /** What caused it, in its words alone: the message has said what there is to do. */
  toJSON(): object {
    // vitest has made an object of it by then.
    const { message } = (this.cause ?? {}) as { readonly message?: unknown };
    return { ...errorJson(this), ...(typeof message === "string" && { cause: message }) };
  }
}
