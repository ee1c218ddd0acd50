import { DatabaseError, EnvironmentError } from "../clients/database-error.ts";
import type { Json, OperationError } from "../history/operation.ts";
import { Abort } from "../workload/abort.ts";

/** How an attempt that threw is recorded, and what the runner must do about it. */
export interface Failure {
  readonly type: "fail" | "info";
  readonly error: OperationError;
  /** What a body that gave up told of it. */
  readonly data?: Json;
  /** What the server said, for people; it never enters a history. */
  readonly message: string;
  /** The session cannot be used again. */
  readonly connectionLost: boolean;
  /** A bug in the workload, whatever the database did: the run ends and shows it. */
  readonly bug: boolean;
}

/** Causes that no other session brings about: the statement is wrong, and always will be. */
const mistakes: ReadonlySet<string> = new Set(["syntax", "undefined-table", "undefined-column"]);

/**
 * What an exception proves. `fail` needs a proof that nothing was committed: the error is on the
 * database's list of definite failures, or the body itself gave up before COMMIT was sent. Every
 * other outcome is `info`.
 *
 * @param hasEffects whether the attempt had already committed something, or may have
 */
export function classifyFailure(thrown: unknown, hasEffects: boolean): Failure {
  if (thrown instanceof DatabaseError) {
    const { cause, code, outcome, connectionLost } = thrown.fields;
    return {
      type: outcome === "definite" && !hasEffects ? "fail" : "info",
      error: code === undefined ? { cause } : { cause, code },
      message: thrown.message,
      connectionLost,
      bug: mistakes.has(cause),
    };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof Abort) {
    const type = hasEffects ? "info" : "fail";
    const data = thrown.data === undefined ? {} : { data: thrown.data };
    return { type, error: { cause: thrown.reason }, ...data, message, connectionLost: false, bug: false };
  }
  const cause = thrown instanceof EnvironmentError ? "environment" : "exception";
  return { type: "info", error: { cause }, message, connectionLost: true, bug: true };
}
