import { DatabaseError } from "../clients/database-error.ts";
import type { Connection, Dialect } from "../clients/database.ts";
import type { IsolationLevel } from "../history/header.ts";
import type { Session, Transaction } from "../workload/workload.ts";
import { hidesWrites, mayWrite } from "./hides-writes.ts";

/** A session for one attempt, and what the attempt has already made permanent. */
export interface TracedSession {
  readonly session: Session;
  /** True once something of this attempt is committed, or may be, so that it can no longer wholly fail. */
  readonly hasEffects: () => boolean;
  /** The first error after which nobody knows whether something was committed, also if the body caught it. */
  readonly uncertain: () => DatabaseError | undefined;
  /** True while a statement or a transaction is under way: its outcome is not known yet. */
  readonly isBusy: () => boolean;
}

/**
 * What a transaction body sees of a connection.
 *
 * @param think how the application's pauses are spent
 */
export function tracedSession(
  connection: Connection,
  target: { readonly dialect: Dialect; readonly isolation: IsolationLevel },
  think: () => Promise<void>,
): TracedSession {
  let effects = false;
  let uncertain: DatabaseError | undefined;
  let inside = false;
  let wrote = false;
  let queries = 0;
  let transactions = 0;

  const query: Transaction["query"] = (sql, params) => {
    queries++;
    const answer = connection
      .query(sql, params)
      .then((result) => {
        if (result.affected > 0 || hidesWrites(sql)) wrote = true;
        if (!inside && wrote) effects = true;
        return result as never;
      })
      .finally(() => queries--);
    // Who forgets to await it is told by the attempt, not by a rejection that nobody handles.
    answer.catch((error: unknown) => {
      if (mayWrite(sql)) doubt(error);
    });
    return answer;
  };

  const session: Session = {
    ...target,
    query,
    think,
    transaction: (body) => {
      transactions++;
      const ending = transaction(body).finally(() => transactions--);
      ending.catch(() => undefined);
      return ending;
    },
  };

  return {
    session,
    hasEffects: () => effects,
    uncertain: () => uncertain,
    isBusy: () => queries + transactions > 0,
  };

  function hasWritten(): boolean {
    return wrote;
  }

  function doubt(error: unknown): void {
    if (error instanceof DatabaseError && error.fields.outcome === "indeterminate") uncertain ??= error;
  }

  async function transaction<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    if (inside) throw new Error("transactions do not nest: use one transaction at a time on a session");
    await connection.begin(target.isolation);
    inside = true;
    wrote = false;
    try {
      const result = await body({ query });
      if (queries > 0) throw new Error("a query was not awaited before the transaction's end");
      await connection.commit();
      effects ||= hasWritten();
      return result;
    } catch (error) {
      if (hasWritten()) doubt(error);
      // After a failed COMMIT or a lost connection there is nothing to roll back; the first error tells.
      await connection.rollback().catch(() => undefined);
      throw error;
    } finally {
      inside = false;
      wrote = false;
    }
  }
}
