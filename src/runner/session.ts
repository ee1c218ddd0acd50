import type { Connection, Dialect } from "../clients/database.ts";
import type { IsolationLevel } from "../history/header.ts";
import type { Session, Transaction } from "../workload/workload.ts";

/** A session for one attempt, and what the attempt has already made permanent. */
export interface TracedSession {
  readonly session: Session;
  /** True once something of this attempt is surely committed, so that it can no longer wholly fail. */
  readonly hasEffects: () => boolean;
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
  let inside = false;
  let wrote = false;

  const query: Transaction["query"] = async (sql, params) => {
    const result = await connection.query(sql, params);
    if (result.affected > 0) wrote = true;
    if (!inside && wrote) effects = true;
    return result as never;
  };

  const session: Session = {
    ...target,
    query,
    think,
    transaction: async (body) => {
      if (inside) throw new Error("transactions do not nest: use one transaction at a time on a session");
      await connection.begin(target.isolation);
      inside = true;
      wrote = false;
      try {
        const result = await body({ query });
        await connection.commit();
        effects ||= wrote;
        return result;
      } catch (error) {
        // After a failed COMMIT or a lost connection there is nothing to roll back; the first error tells.
        await connection.rollback().catch(() => undefined);
        throw error;
      } finally {
        inside = false;
      }
    },
  };
  return { session, hasEffects: () => effects };
}
