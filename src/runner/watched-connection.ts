import type { Connection } from "../clients/database.ts";
import type { Moment } from "../nemesis/arena.ts";

/** A connection that tells what it is doing. */
export interface WatchedConnection extends Connection {
  readonly moment: Moment;
}

/**
 * The same connection, telling each change of what it is doing.
 *
 * @param onMoment called before a statement is sent and after it was answered
 */
export function watchedConnection(connection: Connection, onMoment: () => void): WatchedConnection {
  let moment: Moment = "idle";
  const enter = (next: Moment): void => {
    moment = next;
    onMoment();
  };
  const during = async <T>(now: Moment, work: () => Promise<T>, then: Moment, failed = then): Promise<T> => {
    enter(now);
    try {
      const result = await work();
      enter(then);
      return result;
    } catch (error) {
      enter(failed);
      throw error;
    }
  };
  return {
    sessionId: connection.sessionId,
    get localPort() {
      return connection.localPort;
    },
    get usable() {
      return connection.usable;
    },
    get moment() {
      return moment;
    },
    begin: (isolation) => during("statement", () => connection.begin(isolation), "transaction", "idle"),
    beginWith: (isolation, sql, params) =>
      during("statement", () => connection.beginWith(isolation, sql, params), "transaction"),
    query: (sql, params) => during("statement", () => connection.query(sql, params), moment),
    commit: () => during("commit", () => connection.commit(), "idle"),
    rollback: () => during(moment, () => connection.rollback(), "idle"),
    close: () => connection.close(),
  };
}
